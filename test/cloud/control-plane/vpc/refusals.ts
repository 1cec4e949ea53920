import { refusalTable } from '../refusal-table.ts'

/**
 * Refusals of the VPC API, by HTTP status; the messages' misspellings are the service's.
 * Source: the error code tables of the actions in the VPC and EIP API references.
 */
export const refuse = refusalTable({
  400: {
    'InvalidInstanceId.NotFound': 'Specified instance does not exist.',
    InvalidParameter: 'The specified parameter is not valid.',
    MissingParameter: 'Miss mandatory parameter.',
    'MissingParameter.TagKey': 'The parameter - TagKey should not be null',
    'NumberExceed.ResourceIds': "The ResourceIds parameter's number is exceed , Valid : 20",
    'InvalidVpcName.Malformed': 'Specified VPC name is not valid.',
    'InvalidVpcDiscription.Malformed': 'Specified VPC description is not valid.',
    'InvalidVSwitchName.Malformed': 'Specified virtual switch name is not valid.',
    'InvalidVSwitchDiscription.Malformed': 'Specified virtual switch description is not valid.',
    'InvalidCidrBlock.Malformed': 'Specified CIDR block is not valid.',
    'InvalidCirdrBlock.MaskLength': 'Specified CIDR block is not valid .',
    'InvalidCidrBlock.Overlapped': 'Specified CIDR block overlapped with other subnets.',
    'InvalidInstanceType.ValueNotSupported':
      'The specified value of InstanceType is not supported.',
    'InvalidIAssociatedInstanceType.ValueNotSupported':
      'The specified value of AssociatedInstanceType is not supported.',
    'QuotaExceeded.Vpc': 'VPC quota exceeded.',
    'QuotaExceeded.VSwitch': 'Virtual switch quota exceeded.',
    'QuotaExceeded.Eip': 'Elastic IP address quota exceeded.',
    IncorrectVpcStatus: 'Current VPC status does not support this operation.',
    IncorrectVSwitchStatus: 'The current virtual switch status does not support this operation.',
    IncorrectEipStatus: 'Current elastic IP status does not support this operation.',
    IncorrectInstanceStatus: 'Current instance status does not support this operation.',
    'InvalidAssociation.Duplicated': 'Specified instance already is associated.',
    BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP: 'The instance may have portMap or already bind eip.',
    'DependencyViolation.VSwitch': 'Specified object has dependent resources',
    'DependencyViolation.SecurityGroup': 'Specified object has dependent resources SecurityGroup.',
    DependencyViolation: 'Specified object has dependent resources.',
  },
  404: {
    'InvalidZoneId.NotFound': 'Specified zone does not exist.',
    'InvalidVpcId.NotFound': 'Specified VPC does not exist.',
    'InvalidVSwitchId.NotFound': 'VSwitch not exist.',
    'InvalidAllocationId.NotFound': 'Specified allocation ID is not found',
    'InvalidInstanId.NotFound': 'Specified instance does not exist.',
    'InvalidResourceId.NotFound': 'The specified ResourceIds are not found in our records.',
    'InvalidResourceType.NotFound': 'The ResourceType provided does not exist in our records.',
  },
})
