import { refusalTable } from '../refusal-table.ts'

/**
 * Refusals of the ECS API, by HTTP status; the messages' misspellings are the service's.
 * Source: the error code tables of the actions in the ECS API reference.
 */
export const refuse = refusalTable({
  400: {
    InvalidParameter: 'The specified parameter is not valid.',
    InvalidParamter: 'Invalid Parameter',
    MissingParameter: 'Miss mandatory parameter.',
    'MissingParameter.TagKey': 'The parameter - TagKey should not be null',
    'NumberExceed.ResourceIds': "The ResourceIds parameter's number is exceed , Valid : 50",
    'InvalidInstanceIds.Malformed': 'The specified instanceIds are not valid.',
    'InvalidSystemDiskCategory.ValueNotSupported':
      'The specified parameter "SystemDisk.Category" is not valid.',
    'InvalidSystemDiskSize.ValueNotSupported':
      'The specified parameter SystemDisk.Size is invalid.',
    'InvalidPerformanceLevel.Malformed':
      'The specified parameter SystemDisk.PerformanceLevel is not valid.',
    'InvalidInstanceName.Malformed': 'The specified parameter "InstanceName" is not valid.',
    'InvalidDescription.Malformed': 'The specified parameter "Description" is not valid.',
    'InvalidHostName.Malformed': 'The specified parameter "HostName" is not valid.',
    'InvalidPassword.Malformed': 'The specified parameter "Password" is not valid.',
    'InvalidPasswordParam.Mismatch':
      'The input password should be null when passwdInherit is true.',
    'InvalidUserData.Base64FormatInvalid': 'The specified UserData is not valid.',
    'InvalidUserData.SizeExceeded': 'The specified parameter "UserData" exceeds the size.',
    'InvalidParameter.Mismatch':
      'Specified security group and virtual switch are not in the same VPC.',
    'InvalidParameter.Conflict':
      'The specified image does not support the specified instance type.',
    InvalidPrivateIpAddress:
      'Specified private IP address is not in the CIDR block of virtual switch.',
    'InvalidPrivateIpAddress.Malformed': 'Specified private IP address is malformed.',
    'InvalidPrivateIpAddress.Duplicated': 'Specified private IP address is duplicated.',
    'QuotaExceeded.PrivateIpAddress': "Don't have enough private IPs in this switch.",
    InvalidSpotStrategy: 'The specified SpotStrategy is not valid.',
    'InvalidHttpEndpoint.NotSupported':
      'The specified HttpEndpoint not supported, you can use enabled(default) or disabled.',
    'InvalidHttpTokens.NotSupported':
      'The specified HttpTokens not supported, you can use optional(default) or required.',
    'InvalidHttpPutResponseHopLimit.NotSupported':
      'The specified HttpPutResponseHopLimit not supported, more than 1 and less than 64 is reasonable.',
    DryRunOperation: 'Request validation has been passed with DryRun flag set.',
    'InvalidInstanceStatus.NotStopped': 'The specified Instance status is not stopped.',
    IncorrectVSwitchStatus: 'The current status of virtual switch does not support this operation.',
    IncorrectVpcStatus: 'Current VPC status does not support this operation.',
    'InvalidSecurityGroupName.Malformed': 'Specified security group name is not valid.',
    'InvalidSecurityGroupDiscription.Malformed':
      'Specified security group description is not valid.',
    'InvalidPolicy.Malformed': 'The specified parameter "Policy" is not valid.',
    'InvalidNicType.ValueNotSupported': 'The specified NicType does not exist.',
    'InvalidIpProtocol.ValueNotSupported':
      'The parameter IpProtocol must be specified with case insensitive TCP, UDP, ICMP, GRE or All.',
    'InvalidIpProtocol.Malformed': 'The specified parameter "PortRange" is not valid.',
    OperationDenied:
      'The specified IpProtocol does not exist or IpProtocol and PortRange do not match.',
    'InvalidSourceCidrIp.Malformed': 'The specified parameter "SourceCidrIp" is not valid.',
    'InvalidPriority.ValueNotSupported': 'The parameter Priority is invalid.',
    'MissingParameter.Source': 'Either SourceCidrIp or SourceGroupId must be specified.',
    'InvalidSourceGroupId.Mismatch':
      'Specified security group and source group are not in the same VPC.',
    'Invalid.InstanceChargeType': 'The specified InstanceChargeType is not valid.',
    'Invalid.Param':
      'The input parameter DestinationResource that is mandatory for processing this request is not supplied.',
    'InvalidImageOwnerAlias.ValueNotSupported':
      'The specified ImageOwnerAlias value is not supported.',
    'InvalidDiskType.ValueNotSupported': 'The specified disk type is not supported.',
  },
  403: {
    'InvalidInstanceType.ValueNotSupported':
      'The specified InstanceType beyond the permitted range.',
    'InvalidResourceType.NotSupported':
      'This resource type is not supported; please try other resource types.',
    'OperationDenied.NoStock':
      'The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.',
    InvalidPayMethod: 'The specified pay method is not valid.',
    'InvalidParam.Amount': 'Instances are made one at a time here: Amount must be 1.',
    'QuotaExceed.ElasticQuota':
      'No additional quota is available for the specified ECS instance type.',
    IncorrectInstanceStatus: 'The current status of the resource does not support this operation.',
    'IncorrectInstanceStatus.Initializing':
      'The specified instance status does not support this operation.',
    'InvalidOperation.DeletionProtection':
      'The operation is not allowed because the instance is under deletion protection.',
    CategoryViolation:
      'The specified instance does not support this operation because of its disk category.',
    ImageNotSupportInstanceType: 'The specified image do not support the InstanceType instance.',
    'QuotaExceed.SecurityGroup': 'The maximum number of security groups is reached.',
    AuthorizationLimitExceed: 'The limit of authorization records in the security group reaches.',
    DependencyViolation: 'There is still instance(s) in the specified security group.',
    'InvalidParam.TypeAndCpuMem.Conflict':
      "The specified 'InstanceType' and 'Cores','Memory' are not blank at the same time.",
  },
  404: {
    'InvalidZoneId.NotFound': 'The ZoneId provided does not exist in our records.',
    'InvalidInstanceId.NotFound': 'The specified InstanceId does not exist.',
    'InvalidImageId.NotFound': 'The specified ImageId does not exist.',
    'InvalidVpcId.NotFound': 'Specified VPC does not exist.',
    'InvalidVSwitchId.NotFound': 'Specified virtual switch does not exist.',
    'InvalidSecurityGroupId.NotFound': 'The specified SecurityGroupId does not exist.',
    'InvalidSourceGroupId.NotFound': 'The SourceGroupId provided does not exist in our records.',
    'InvalidRamRole.NotFound': 'The specified RAMRoleName does not exist.',
    'InvalidRamRole.NotEcsRole':
      'The specified ram role is not authorized for ecs, please check your role policy.',
    'InvalidKeyPairName.NotFound':
      'The specified parameter KeyPairName does not exist in our records.',
    'InvalidInstanceChargeType.NotFound': 'The InstanceChargeType does not exist in our records.',
    'InvalidResourceId.NotFound': 'The specified ResourceIds are not found in our records.',
    'InvalidResourceType.NotFound': 'The ResourceType provided does not exist in our records.',
    'InvalidSystemDiskSize.LessThanImageSize':
      'The specified parameter SystemDisk.Size is less than the image size.',
    'InvalidSystemDiskSize.LessThanMinSize':
      'The specified parameter SystemDisk.Size is less than the min size.',
    'InvalidSystemDiskSize.MoreThanMaxSize':
      'The specified parameter SystemDisk.Size is more than the max size.',
    'Invalid.DestinationResource': 'The specified DestinationResource is not valid.',
    'Invalid.IoOptimized': 'The specified IoOptimized is not valid.',
    'Invalid.NetworkCategory': 'The specified NetworkCategory is not valid.',
    'Invalid.ResourceType': 'The ResourceType provided does not exist in our records.',
    'Invalid.SpotStrategy': 'The specified SpotStrategy is not valid.',
    InvalidOSType: 'The specifed OSType is not valid',
    InvalidArchitecture: 'The specifed Architecture is not valid',
  },
})
