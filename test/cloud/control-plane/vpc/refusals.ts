import { ActionError } from '../action.ts'

/**
 * Refusals of the VPC API: HTTP status and message, misspellings included.
 * Source: the error code tables of the actions in the VPC and EIP API references.
 */
const REFUSALS = {
  'InvalidRegionId.NotFound': [404, 'Specified value of "regionId" is not supported.'],
  'InvalidZoneId.NotFound': [404, 'Specified zone does not exist.'],
  'InvalidVpcId.NotFound': [404, 'Specified VPC does not exist.'],
  'InvalidVSwitchId.NotFound': [404, 'VSwitch not exist.'],
  'InvalidAllocationId.NotFound': [404, 'Specified allocation ID is not found'],
  'InvalidInstanId.NotFound': [404, 'Specified instance does not exist.'],
  'InvalidInstanceId.NotFound': [400, 'Specified instance does not exist.'],
  'InvalidResourceId.NotFound': [404, 'The specified ResourceIds are not found in our records.'],
  'InvalidResourceType.NotFound': [404, 'The ResourceType provided does not exist in our records.'],
  InvalidParameter: [400, 'The specified parameter is not valid.'],
  MissingParameter: [400, 'Miss mandatory parameter.'],
  'MissingParameter.TagKey': [400, 'The parameter - TagKey should not be null'],
  'NumberExceed.ResourceIds': [400, "The ResourceIds parameter's number is exceed , Valid : 20"],
  'InvalidVpcName.Malformed': [400, 'Specified VPC name is not valid.'],
  'InvalidVpcDiscription.Malformed': [400, 'Specified VPC description is not valid.'],
  'InvalidVSwitchName.Malformed': [400, 'Specified virtual switch name is not valid.'],
  'InvalidVSwitchDiscription.Malformed': [
    400,
    'Specified virtual switch description is not valid.',
  ],
  'InvalidCidrBlock.Malformed': [400, 'Specified CIDR block is not valid.'],
  'InvalidCirdrBlock.MaskLength': [400, 'Specified CIDR block is not valid .'],
  'InvalidCidrBlock.Overlapped': [400, 'Specified CIDR block overlapped with other subnets.'],
  'InvalidInstanceType.ValueNotSupported': [
    400,
    'The specified value of InstanceType is not supported.',
  ],
  'InvalidIAssociatedInstanceType.ValueNotSupported': [
    400,
    'The specified value of AssociatedInstanceType is not supported.',
  ],
  'QuotaExceeded.Vpc': [400, 'VPC quota exceeded.'],
  'QuotaExceeded.VSwitch': [400, 'Virtual switch quota exceeded.'],
  'QuotaExceeded.Eip': [400, 'Elastic IP address quota exceeded.'],
  IncorrectVpcStatus: [400, 'Current VPC status does not support this operation.'],
  IncorrectVSwitchStatus: [
    400,
    'The current virtual switch status does not support this operation.',
  ],
  IncorrectEipStatus: [400, 'Current elastic IP status does not support this operation.'],
  IncorrectInstanceStatus: [400, 'Current instance status does not support this operation.'],
  'InvalidAssociation.Duplicated': [400, 'Specified instance already is associated.'],
  BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP: [
    400,
    'The instance may have portMap or already bind eip.',
  ],
  'DependencyViolation.VSwitch': [400, 'Specified object has dependent resources'],
  'DependencyViolation.SecurityGroup': [
    400,
    'Specified object has dependent resources SecurityGroup.',
  ],
  DependencyViolation: [400, 'Specified object has dependent resources.'],
} as const satisfies Record<string, readonly [status: number, message: string]>

/** The codes that the VPC API refuses with here. */
export type VpcRefusalCode = keyof typeof REFUSALS

/**
 * The refusal of a code, to be thrown.
 *
 * @param message where the service says more than one thing under the same code
 */
export function refuse(code: VpcRefusalCode, message?: string): ActionError {
  const [status, usual] = REFUSALS[code]
  return new ActionError(status, code, message ?? usual)
}
