import { ActionError } from '../action.ts'

/**
 * Refusals of the ECS API: HTTP status and message, misspellings included.
 * Source: the error code tables of the actions in the ECS API reference.
 */
const REFUSALS = {
  'InvalidRegionId.NotFound': [404, 'The RegionId provided does not exist in our records.'],
  'InvalidZoneId.NotFound': [404, 'The ZoneId provided does not exist in our records.'],
  'InvalidInstanceId.NotFound': [404, 'The specified InstanceId does not exist.'],
  'InvalidImageId.NotFound': [404, 'The specified ImageId does not exist.'],
  'InvalidVpcId.NotFound': [404, 'Specified VPC does not exist.'],
  'InvalidVSwitchId.NotFound': [404, 'Specified virtual switch does not exist.'],
  'InvalidSecurityGroupId.NotFound': [404, 'The specified SecurityGroupId does not exist.'],
  'InvalidSourceGroupId.NotFound': [
    404,
    'The SourceGroupId provided does not exist in our records.',
  ],
  'InvalidDestGroupId.NotFound': [404, 'The DestGroupId provided does not exist in our records.'],
  'InvalidRamRole.NotFound': [404, 'The specified RAMRoleName does not exist.'],
  'InvalidRamRole.NotEcsRole': [
    404,
    'The specified ram role is not authorized for ecs, please check your role policy.',
  ],
  'InvalidKeyPairName.NotFound': [
    404,
    'The specified parameter KeyPairName does not exist in our records.',
  ],
  'InvalidInstanceChargeType.NotFound': [
    404,
    'The InstanceChargeType does not exist in our records.',
  ],
  'InvalidResourceId.NotFound': [404, 'The specified ResourceIds are not found in our records.'],
  'InvalidResourceType.NotFound': [404, 'The ResourceType provided does not exist in our records.'],
  'InvalidSystemDiskSize.LessThanImageSize': [
    404,
    'The specified parameter SystemDisk.Size is less than the image size.',
  ],
  'InvalidSystemDiskSize.LessThanMinSize': [
    404,
    'The specified parameter SystemDisk.Size is less than the min size.',
  ],
  'InvalidSystemDiskSize.MoreThanMaxSize': [
    404,
    'The specified parameter SystemDisk.Size is more than the max size.',
  ],
  InvalidParameter: [400, 'The specified parameter is not valid.'],
  InvalidParamter: [400, 'Invalid Parameter'],
  MissingParameter: [400, 'Miss mandatory parameter.'],
  'MissingParameter.TagKey': [400, 'The parameter - TagKey should not be null'],
  'NumberExceed.ResourceIds': [400, "The ResourceIds parameter's number is exceed , Valid : 50"],
  'InvalidInstanceIds.Malformed': [400, 'The specified instanceIds are not valid.'],
  'InvalidInstanceType.ValueNotSupported': [
    403,
    'The specified InstanceType beyond the permitted range.',
  ],
  'InvalidResourceType.NotSupported': [
    403,
    'This resource type is not supported; please try other resource types.',
  ],
  'OperationDenied.NoStock': [
    403,
    'The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.',
  ],
  'InvalidInstanceType.NotSupported': [
    400,
    'The specified instanceType is not supported by the architecture of the specified image.',
  ],
  'InvalidSystemDiskCategory.ValueNotSupported': [
    400,
    'The specified parameter "SystemDisk.Category" is not valid.',
  ],
  'InvalidSystemDiskSize.ValueNotSupported': [
    400,
    'The specified parameter SystemDisk.Size is invalid.',
  ],
  'InvalidPerformanceLevel.Malformed': [
    400,
    'The specified parameter SystemDisk.PerformanceLevel is not valid.',
  ],
  'InvalidInstanceName.Malformed': [400, 'The specified parameter "InstanceName" is not valid.'],
  'InvalidDescription.Malformed': [400, 'The specified parameter "Description" is not valid.'],
  'InvalidHostName.Malformed': [400, 'The specified parameter "HostName" is not valid.'],
  'InvalidPassword.Malformed': [400, 'The specified parameter "Password" is not valid.'],
  'InvalidPasswordParam.Mismatch': [
    400,
    'The input password should be null when passwdInherit is true.',
  ],
  'InvalidUserData.Base64FormatInvalid': [400, 'The specified UserData is not valid.'],
  'InvalidUserData.SizeExceeded': [400, 'The specified parameter "UserData" exceeds the size.'],
  'InvalidParameter.Mismatch': [
    400,
    'Specified security group and virtual switch are not in the same VPC.',
  ],
  'InvalidParameter.Conflict': [
    400,
    'The specified image does not support the specified instance type.',
  ],
  InvalidPrivateIpAddress: [
    400,
    'Specified private IP address is not in the CIDR block of virtual switch.',
  ],
  'InvalidPrivateIpAddress.Malformed': [400, 'Specified private IP address is malformed.'],
  'InvalidPrivateIpAddress.Duplicated': [400, 'Specified private IP address is duplicated.'],
  'QuotaExceeded.PrivateIpAddress': [400, "Don't have enough private IPs in this switch."],
  InvalidPayMethod: [403, 'The specified pay method is not valid.'],
  InvalidSpotStrategy: [400, 'The specified SpotStrategy is not valid.'],
  'InvalidHttpEndpoint.NotSupported': [
    400,
    'The specified HttpEndpoint not supported, you can use enabled(default) or disabled.',
  ],
  'InvalidHttpTokens.NotSupported': [
    400,
    'The specified HttpTokens not supported, you can use optional(default) or required.',
  ],
  'InvalidHttpPutResponseHopLimit.NotSupported': [
    400,
    'The specified HttpPutResponseHopLimit not supported, more than 1 and less than 64 is reasonable.',
  ],
  'InvalidParam.Amount': [403, 'Instances are made one at a time here: Amount must be 1.'],
  DryRunOperation: [400, 'Request validation has been passed with DryRun flag set.'],
  'QuotaExceed.ElasticQuota': [
    403,
    'No additional quota is available for the specified ECS instance type.',
  ],
  IncorrectInstanceStatus: [
    403,
    'The current status of the resource does not support this operation.',
  ],
  'IncorrectInstanceStatus.Initializing': [
    403,
    'The specified instance status does not support this operation.',
  ],
  'InvalidInstanceStatus.NotStopped': [400, 'The specified Instance status is not stopped.'],
  IncorrectVSwitchStatus: [
    400,
    'The current status of virtual switch does not support this operation.',
  ],
  IncorrectVpcStatus: [400, 'Current VPC status does not support this operation.'],
  'InvalidOperation.DeletionProtection': [
    403,
    'The operation is not allowed because the instance is under deletion protection.',
  ],
  CategoryViolation: [
    403,
    'The specified instance does not support this operation because of its disk category.',
  ],
  ImageNotSupportInstanceType: [
    403,
    'The specified image do not support the InstanceType instance.',
  ],
  'QuotaExceed.SecurityGroup': [403, 'The maximum number of security groups is reached.'],
  'InvalidSecurityGroupName.Malformed': [400, 'Specified security group name is not valid.'],
  'InvalidSecurityGroupDiscription.Malformed': [
    400,
    'Specified security group description is not valid.',
  ],
  'InvalidPolicy.Malformed': [400, 'The specified parameter "Policy" is not valid.'],
  'InvalidNicType.ValueNotSupported': [400, 'The specified NicType does not exist.'],
  'InvalidIpProtocol.ValueNotSupported': [
    400,
    'The parameter IpProtocol must be specified with case insensitive TCP, UDP, ICMP, GRE or All.',
  ],
  'InvalidIpProtocol.Malformed': [400, 'The specified parameter "PortRange" is not valid.'],
  OperationDenied: [
    400,
    'The specified IpProtocol does not exist or IpProtocol and PortRange do not match.',
  ],
  'InvalidSourceCidrIp.Malformed': [400, 'The specified parameter "SourceCidrIp" is not valid.'],
  'InvalidDestCidrIp.Malformed': [400, 'The specified parameter DestCidrIp is not valid.'],
  'InvalidPriority.ValueNotSupported': [400, 'The parameter Priority is invalid.'],
  'MissingParameter.Source': [400, 'Either SourceCidrIp or SourceGroupId must be specified.'],
  'MissingParameter.Dest': [400, 'Either DestCidrIp or DestGroupId must be specified.'],
  'InvalidSourceGroupId.Mismatch': [
    400,
    'Specified security group and source group are not in the same VPC.',
  ],
  AuthorizationLimitExceed: [
    403,
    'The limit of authorization records in the security group reaches.',
  ],
  DependencyViolation: [403, 'There is still instance(s) in the specified security group.'],
  'Invalid.InstanceChargeType': [400, 'The specified InstanceChargeType is not valid.'],
  'Invalid.Param': [
    400,
    'The input parameter DestinationResource that is mandatory for processing this request is not supplied.',
  ],
  'Invalid.DestinationResource': [404, 'The specified DestinationResource is not valid.'],
  'Invalid.IoOptimized': [404, 'The specified IoOptimized is not valid.'],
  'Invalid.NetworkCategory': [404, 'The specified NetworkCategory is not valid.'],
  'Invalid.ResourceType': [404, 'The ResourceType provided does not exist in our records.'],
  'Invalid.SpotStrategy': [404, 'The specified SpotStrategy is not valid.'],
  'InvalidParam.TypeAndCpuMem.Conflict': [
    403,
    "The specified 'InstanceType' and 'Cores','Memory' are not blank at the same time.",
  ],
  'InvalidImageOwnerAlias.ValueNotSupported': [
    400,
    'The specified ImageOwnerAlias value is not supported.',
  ],
  InvalidOSType: [404, 'The specifed OSType is not valid'],
  InvalidArchitecture: [404, 'The specifed Architecture is not valid'],
  'InvalidDiskType.ValueNotSupported': [400, 'The specified disk type is not supported.'],
} as const satisfies Record<string, readonly [status: number, message: string]>

/** The codes that the ECS API refuses with here. */
export type EcsRefusalCode = keyof typeof REFUSALS

/**
 * The refusal of a code, to be thrown.
 *
 * @param message where the service says more than one thing under the same code
 */
export function refuse(code: EcsRefusalCode, message?: string): ActionError {
  const [status, usual] = REFUSALS[code]
  return new ActionError(status, code, message ?? usual)
}
