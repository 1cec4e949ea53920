import type { ActionError } from '../action.ts'
import { refusalTable } from '../refusal-table.ts'

/**
 * Refusals of the ESS API, by HTTP status; the messages' misspellings are the service's.
 * Source: the error code tables of the actions in the Auto Scaling API reference.
 */
export const refuse = refusalTable({
  400: {
    'InvalidSecurityGroupId.VPCMismatch':
      'The specified security group and the specified virtual switch are not in the same VPC.',
    'InvalidScalingGroupName.Duplicate':
      'The specified value of parameter "ScalingGroupName" is duplicated.',
    'InvalidScalingConfigurationName.Duplicate':
      'The specified value of parameter "ScalingConfigurationName" is duplicated.',
    'InvalidScalingRuleName.Duplicate':
      'The specified value of parameter "ScalingRuleName" is duplicated.',
    'InvalidLifecycleHookName.AlreadyExist':
      'The specified value of parameter "LifecycleHookName" already exists.',
    'InvalidParameter.Conflict':
      'The value of parameter "MinSize" and parameter "MaxSize" conflict.',
    InvalidParameter: 'The specified value of a parameter is not valid.',
    MissingParameter: 'A parameter that is mandatory for processing this request is missing.',
    'NumberExceed.ResourceIds': "The ResourceIds parameter's number is exceed , Valid : 50",
    'MissingParameter.TagKey': 'The parameter - TagKey should not be null',
    MissingActiveScalingConfiguration:
      'An active scaling configuration has not been specified for the scaling group.',
    IncorrectScalingGroupStatus:
      'The current status of the specified scaling group does not support this action.',
    InstanceInUse:
      'You cannot delete a scaling configuration or scaling group while there is an instance associated with it.',
    'OperationDenied.GroupDeletionProtection': 'The scaling group is protected from being deleted.',
    'QuotaExceeded.ScalingGroup': 'Scaling group quota exceeded.',
    'QuotaExceeded.ScalingConfiguration': 'Scaling configuration quota exceeded.',
    'QuotaExceeded.ScalingRule': 'Scaling rule quota exceeded.',
    'QuotaExceeded.LifecycleHook': 'Lifecycle hook quota exceeded.',
  },
  404: {
    'InvalidScalingGroupId.NotFound': 'The specified scaling group does not exist.',
    'InvalidScalingConfigurationId.NotFound': 'The specified scaling configuration does not exist.',
    'InvalidInstanceId.NotFound': 'The specified instance does not exist.',
    'InvalidImageId.NotFound': 'The specified image does not exist.',
    'InvalidVSwitchId.NotFound': 'The specified virtual switch does not exist.',
    'InvalidSecurityGroupId.NotFound': 'The specified security group does not exist.',
    'InvalidKeyPairName.NotFound': 'The specified key pair does not exist.',
    'InvalidRamRole.NotFound': 'The specified RAM role does not exist.',
    'InvalidAlbServerGroupId.NotFound': 'The specified ALB server group does not exist.',
    'InvalidResourceType.NotFound': 'The ResourceType provided does not exist in our records.',
    'InvalidResourceId.NotFound': 'The specified ResourceIds are not found in our records.',
  },
})

/** Returns the refusal of a parameter's value. */
export function invalid(name: string): ActionError {
  return refuse('InvalidParameter', `The specified value of parameter "${name}" is not valid.`)
}
