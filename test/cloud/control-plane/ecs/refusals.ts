import { ActionError } from '../action.ts'

/**
 * Refusals of the ECS API: HTTP status and message. Codes and messages after the error code lists of
 * the actions' reference pages and of reported errors.
 */
const REFUSALS = {
  'InvalidRegionId.NotFound': [404, 'The specified RegionId does not exist.'],
  'InvalidZoneId.NotFound': [404, 'The specified ZoneId does not exist.'],
  'InvalidInstanceId.NotFound': [404, 'The specified InstanceId does not exist.'],
  'InvalidImageId.NotFound': [404, 'The specified ImageId does not exist.'],
  'InvalidVpcId.NotFound': [404, 'The specified VpcId does not exist.'],
  'InvalidVSwitchId.NotFound': [404, 'The specified VSwitchId does not exist.'],
  'InvalidSecurityGroupId.NotFound': [404, 'The specified SecurityGroupId does not exist.'],
  'InvalidRamRole.NotFound': [404, 'The specified RamRoleName does not exist.'],
  'InvalidKeyPair.NotFound': [404, 'The specified KeyPairName does not exist.'],
  'InvalidResourceId.NotFound': [404, 'The specified ResourceIds are not found in our records.'],
  'InvalidResourceType.NotFound': [404, 'The ResourceType provided does not exist in our records.'],
  InvalidParameter: [400, 'The specified parameter is not valid.'],
  InvalidParamter: [400, 'The specified parameter is not valid.'],
  MissingParameter: [400, 'An input parameter that is mandatory for this request is missing.'],
  'MissingParameter.TagKey': [400, 'The specified parameter "TagKey.N" must not be null.'],
  'InvalidInstanceType.ValueNotSupported': [
    400,
    'The specified InstanceType does not exist or beyond the permitted range.',
  ],
  'InvalidInstanceType.NotSupported': [
    403,
    'The specified InstanceType is not supported in the specified zone.',
  ],
  'OperationDenied.NoStock': [
    403,
    'The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.',
  ],
  'InvalidSystemDiskCategory.ValueNotSupported': [
    400,
    'The specified parameter "SystemDisk.Category" is not valid.',
  ],
  'InvalidSystemDiskSize.ValueNotSupported': [
    400,
    'The specified parameter "SystemDisk.Size" is not valid.',
  ],
  'InvalidSystemDiskSize.LessThanImageSize': [
    400,
    'The specified parameter SystemDisk.Size is less than the image size.',
  ],
  'InvalidSystemDiskSize.LessThanMinSize': [
    400,
    'The specified parameter SystemDisk.Size is less than the min size.',
  ],
  'InvalidPerformanceLevel.Malformed': [
    400,
    'The specified parameter "SystemDisk.PerformanceLevel" is not valid.',
  ],
  'InvalidDiskName.Malformed': [400, 'The specified parameter "DiskName" is not valid.'],
  ImageNotSupportInstanceType: [
    403,
    'The specified image does not support the specified instance type.',
  ],
  'InvalidInstanceName.Malformed': [400, 'The specified parameter "InstanceName" is not valid.'],
  'InvalidDescription.Malformed': [400, 'The specified parameter "Description" is not valid.'],
  'InvalidHostName.Malformed': [400, 'The specified parameter "HostName" is not valid.'],
  'InvalidPassword.Malformed': [400, 'The specified parameter "Password" is not valid.'],
  'InvalidUserData.Base64FormatInvalid': [
    400,
    'The specified parameter "UserData" must be base64 encoded.',
  ],
  'InvalidUserData.SizeExceeded': [
    400,
    'The specified parameter "UserData" exceeds the size limit of 32 KB.',
  ],
  'InvalidSecurityGroupId.VPCMismatch': [
    400,
    'The specified security group and the specified virtual switch are not in the same VPC.',
  ],
  'MissingParameter.SecurityGroupId': [
    400,
    'The input parameter "SecurityGroupId" that is mandatory for processing this request is not supplied.',
  ],
  'MissingParameter.VSwitchId': [
    400,
    'The input parameter "VSwitchId" that is mandatory for processing this request is not supplied.',
  ],
  'InvalidPrivateIpAddress.Malformed': [400, 'Specified private IP address is malformed.'],
  'InvalidPrivateIpAddress.Duplicated': [400, 'Specified private IP address is duplicated.'],
  'InvalidVSwitchId.IpNotEnough': [
    400,
    'The specified VSwitch "VSwitchId" has not enough IpAddress.',
  ],
  'InvalidParameter.Conflict': [400, 'The specified VSwitch is not in the specified zone.'],
  'InvalidInstanceChargeType.ValueNotSupported': [
    400,
    'The specified InstanceChargeType is not supported.',
  ],
  InvalidSpotStrategy: [400, 'The specified SpotStrategy is not valid.'],
  'InvalidInternetMaxBandwidthOut.ValueNotSupported': [
    400,
    'This account gives public addresses by EIP only: InternetMaxBandwidthOut must be 0.',
  ],
  InvalidHttpEndpoint: [400, 'The specified HttpEndpoint is invalid.'],
  InvalidHttpTokens: [400, 'The specified HttpTokens is invalid.'],
  InvalidHttpPutResponseHopLimit: [400, 'The specified HttpPutResponseHopLimit is invalid.'],
  'InvalidAmount.NotSupported': [400, 'The specified parameter "Amount" is not valid.'],
  DryRunOperation: [400, 'Request validation has been passed with DryRun flag set.'],
  'QuotaExceed.ElasticQuota': [
    403,
    'The number of the specified ECS instances has exceeded the quota of the specified instance type.',
  ],
  IncorrectInstanceStatus: [
    403,
    'The current status of the resource does not support this operation.',
  ],
  'IncorrectInstanceStatus.Initializing': [
    403,
    'The specified instance status does not support this operation.',
  ],
  IncorrectVSwitchStatus: [400, 'Current virtual switch status does not support this operation.'],
  'InvalidOperation.DeletionProtection': [
    403,
    'The operation is not allowed due to instance is under deletion protection.',
  ],
  'InvalidRamRole.NotEcsRole': [
    403,
    'The specified ram role is not authorized for ecs, please check your role policy.',
  ],
  'InvalidSecurityGroupName.Malformed': [400, 'Specified security group name is not valid.'],
  'InvalidSecurityGroupDiscription.Malformed': [
    400,
    'Specified security group description is not valid.',
  ],
  InvalidSecurityGroupType: [400, 'The specified SecurityGroupType is not valid.'],
  'InvalidPolicy.Malformed': [400, 'The specified parameter "Policy" is not valid.'],
  'InvalidNicType.ValueNotSupported': [400, 'The specified NicType does not exist.'],
  InvalidDirection: [400, 'The specified parameter "Direction" is not valid.'],
  'InvalidIpProtocol.ValueNotSupported': [
    400,
    'The specified IpProtocol does not exist or IpProtocol and PortRange do not match.',
  ],
  'InvalidIpPortRange.Malformed': [400, 'The specified parameter PortRange is not valid.'],
  'InvalidParam.PortRange': [
    400,
    'The specified parameter PortRange is not valid. It should be two integers less than 65535 in ?/? format.',
  ],
  'InvalidParam.SourceIp': [400, 'The specified parameter SourceCidrIp is not valid.'],
  'InvalidParam.DestIp': [400, 'The specified parameter DestCidrIp is not valid.'],
  'InvalidPriority.ValueNotSupported': [400, 'The specified parameter Priority is invalid.'],
  'InvalidRuleDescription.Malformed': [400, 'The specified parameter Description is not valid.'],
  'MissingParameter.Source': [
    400,
    'One of the parameters SourceCidrIp, Ipv6SourceCidrIp, SourcePrefixListId or SourceGroupId must be set.',
  ],
  'MissingParameter.Dest': [
    400,
    'One of the parameters DestCidrIp, Ipv6DestCidrIp, DestPrefixListId or DestGroupId must be set.',
  ],
  'InvalidSourceGroupId.NotFound': [404, 'The specified SourceGroupId does not exist.'],
  'InvalidDestGroupId.NotFound': [404, 'The specified DestGroupId does not exist.'],
  'InvalidSecurityGroupRule.RuleNotExist': [404, 'The specified rule does not exist.'],
  AuthorizationLimitExceed: [
    403,
    'The limit of authorization records in the security group reaches.',
  ],
  DependencyViolation: [403, 'There is still instance(s) in the specified security group.'],
  'InvalidSecurityGroup.InUse': [
    403,
    'The specified security group is authorized in another security group.',
  ],
  'InvalidInstanceId.AlreadyExists': [
    403,
    'The specified instance already exists in the specified security group.',
  ],
  InstanceNotInSecurityGroup: [403, 'The instance not in the group.'],
  InstanceLastSecurityGroup: [
    403,
    'The specified security group is the last security group for the instance.',
  ],
} as const satisfies Record<string, readonly [status: number, message: string]>

/** The codes that the ECS API refuses with here. */
export type EcsRefusalCode = keyof typeof REFUSALS

/** The refusal of a code, to be thrown. */
export function refuse(code: EcsRefusalCode): ActionError {
  const [status, message] = REFUSALS[code]
  return new ActionError(status, code, message)
}
