import { ActionError } from '../action.ts'

/**
 * Refusals of the ESS API: HTTP status and message.
 * Source: the error code tables of the actions in the Auto Scaling API reference.
 */
const REFUSALS = {
  'InvalidScalingGroupId.NotFound': [404, 'The specified scaling group does not exist.'],
  'InvalidScalingConfigurationId.NotFound': [
    404,
    'The specified scaling configuration does not exist.',
  ],
  'InvalidInstanceId.NotFound': [404, 'The specified instance does not exist.'],
  'InvalidImageId.NotFound': [404, 'The specified image does not exist.'],
  'InvalidVSwitchId.NotFound': [404, 'The specified virtual switch does not exist.'],
  'InvalidSecurityGroupId.NotFound': [404, 'The specified security group does not exist.'],
  'InvalidKeyPairName.NotFound': [404, 'The specified key pair does not exist.'],
  'InvalidRamRole.NotFound': [404, 'The specified RAM role does not exist.'],
  'InvalidAlbServerGroupId.NotFound': [404, 'The specified ALB server group does not exist.'],
  'InvalidResourceType.NotFound': [404, 'The ResourceType provided does not exist in our records.'],
  'InvalidResourceId.NotFound': [404, 'The specified ResourceIds are not found in our records.'],
  'InvalidSecurityGroupId.VPCMismatch': [
    400,
    'The specified security group and the specified virtual switch are not in the same VPC.',
  ],
  'InvalidScalingGroupName.Duplicate': [
    400,
    'The specified value of parameter "ScalingGroupName" is duplicated.',
  ],
  'InvalidScalingConfigurationName.Duplicate': [
    400,
    'The specified value of parameter "ScalingConfigurationName" is duplicated.',
  ],
  'InvalidScalingRuleName.Duplicate': [
    400,
    'The specified value of parameter "ScalingRuleName" is duplicated.',
  ],
  'InvalidLifecycleHookName.AlreadyExist': [
    400,
    'The specified value of parameter "LifecycleHookName" already exists.',
  ],
  'InvalidParameter.Conflict': [
    400,
    'The value of parameter "MinSize" and parameter "MaxSize" conflict.',
  ],
  InvalidParameter: [400, 'The specified value of a parameter is not valid.'],
  MissingParameter: [400, 'A parameter that is mandatory for processing this request is missing.'],
  'MissingParameter.TagKey': [400, 'The parameter - TagKey should not be null'],
  MissingActiveScalingConfiguration: [
    400,
    'An active scaling configuration has not been specified for the scaling group.',
  ],
  IncorrectScalingGroupStatus: [
    400,
    'The current status of the specified scaling group does not support this action.',
  ],
  InstanceInUse: [
    400,
    'You cannot delete a scaling configuration or scaling group while there is an instance associated with it.',
  ],
  'OperationDenied.GroupDeletionProtection': [
    400,
    'The scaling group is protected from being deleted.',
  ],
  'QuotaExceeded.ScalingGroup': [400, 'Scaling group quota exceeded.'],
  'QuotaExceeded.ScalingConfiguration': [400, 'Scaling configuration quota exceeded.'],
  'QuotaExceeded.ScalingRule': [400, 'Scaling rule quota exceeded.'],
  'QuotaExceeded.LifecycleHook': [400, 'Lifecycle hook quota exceeded.'],
} as const satisfies Record<string, readonly [status: number, message: string]>

/** The codes that the ESS API refuses with here. */
export type EssRefusalCode = keyof typeof REFUSALS

/**
 * The refusal of a code, to be thrown.
 *
 * @param message where the service says more than one thing under the same code
 */
export function refuse(code: EssRefusalCode, message?: string): ActionError {
  const [status, usual] = REFUSALS[code]
  return new ActionError(status, code, message ?? usual)
}

/** The refusal of a parameter's value, to be thrown. */
export function invalid(name: string): ActionError {
  return refuse('InvalidParameter', `The specified value of parameter "${name}" is not valid.`)
}
