import { ActionError } from '../action.ts'

/**
 * Refusals of the VPC API: HTTP status and message. Codes and messages after the error code lists of
 * the actions' reference pages and of reported errors.
 */
const REFUSALS = {
  'InvalidRegionId.NotFound': [404, 'The specified RegionId does not exist.'],
  'InvalidVpcId.NotFound': [404, 'The specified VPC does not exist.'],
  'InvalidVpcID.NotFound': [404, 'The specified VPC does not exist.'],
  'InvalidVSwitchId.NotFound': [404, 'The specified vSwitch does not exist.'],
  'InvalidVswitchID.NotFound': [404, 'Specified virtual switch does not exist.'],
  'InvalidAllocationId.NotFound': [404, 'Specified allocation ID is not found.'],
  'InvalidInstanceId.NotFound': [404, 'Specified instance is not found.'],
  'InvalidResourceId.NotFound': [404, 'The specified ResourceIds are not found in our records.'],
  'InvalidZoneId.NotFound': [404, 'Specified zone does not exist.'],
  'InvalidVpcName.Malformed': [400, 'Specified VPC name is not valid.'],
  'InvalidVSwitchName.Malformed': [400, 'Specified virtual switch name is not valid.'],
  'InvalidName.Malformed': [400, 'Specified name is not valid.'],
  'InvalidDescription.Malformed': [400, 'Specified description is not valid.'],
  'InvalidVpcDiscription.Malformed': [400, 'Specified VPC description is not valid.'],
  'InvalidCidrBlock.Malformed': [400, 'Specified CIDR block is not valid.'],
  InvalidCidrBlock: [400, 'Specified CIDR block is not valid.'],
  'InvalidCidrBlock.Overlapped': [400, 'Specified CIDR block is overlapping with other subnet.'],
  InvalidParameter: [400, 'The specified parameter is not valid.'],
  'InvalidBandwidth.Malformed': [400, 'Specified bandwidth is not valid.'],
  'InvalidInternetChargeType.ValueNotSupported': [
    400,
    'The specified value of InternetChargeType is not supported.',
  ],
  'InvalidInstanceChargeType.ValueNotSupported': [
    400,
    'The specified value of InstanceChargeType is not supported.',
  ],
  'InvalidISP.ValueNotSupported': [400, 'The specified value of ISP is not supported.'],
  'InvalidInstanceType.ValueNotSupported': [
    400,
    'The specified value of InstanceType is not supported.',
  ],
  'InvalidResourceType.NotFound': [404, 'The ResourceType provided does not exist in our records.'],
  'MissingParameter.TagKey': [400, 'The parameter TagKey must not be null.'],
  'MissingParameter.ResourceId': [400, 'The parameter ResourceId must not be null.'],
  'MissingParameter.Tag': [400, 'The parameter Tag must not be null.'],
  'QuotaExceeded.Vpc': [400, 'VPC quota exceeded.'],
  'QuotaExceeded.VSwitch': [400, 'Virtual switch quota exceeded.'],
  'QuotaExceeded.Eip': [400, 'Elastic IP address quota exceeded'],
  IncorrectVpcStatus: [400, 'Current VPC status does not support this operation.'],
  IncorrectVSwitchStatus: [400, 'Current virtual switch status does not support this operation.'],
  IncorrectEipStatus: [400, 'Current elastic IP status does not support this operation.'],
  IncorrectInstanceStatus: [400, 'Current instance status does not support this operation.'],
  'InvalidAssociation.Duplicated': [400, 'Specified instance already is associated.'],
  'InvalidStatus.HasBindEip': [400, 'The specified instance has already an elastic IP address.'],
  'DependencyViolation.VSwitch': [400, 'Specified object has dependent resources: vSwitch.'],
  'DependencyViolation.SecurityGroup': [
    400,
    'Specified object has dependent resources: security group.',
  ],
  DependencyViolation: [400, 'Specified object has dependent resources.'],
  'OperationDenied.DeletionProtection': [
    400,
    'The operation is not allowed because deletion protection is on.',
  ],
} as const satisfies Record<string, readonly [status: number, message: string]>

/** The codes that the VPC API refuses with here. */
export type VpcRefusalCode = keyof typeof REFUSALS

/** The refusal of a code, to be thrown. */
export function refuse(code: VpcRefusalCode): ActionError {
  const [status, message] = REFUSALS[code]
  return new ActionError(status, code, message)
}
