import type { Resource } from '../resource-store.ts'

/** A time that instances wait while they are added or removed. */
export interface LifecycleHook extends Resource {
  readonly scalingGroupId: string
  readonly name: string
  readonly transition: 'SCALE_OUT' | 'SCALE_IN'
  readonly heartbeatSeconds: number
  /** What happens at the end of the time. */
  readonly defaultResult: 'CONTINUE' | 'ABANDON'
  readonly notificationArn: string
  readonly notificationMetadata: string
}

/** Returns an item of DescribeLifecycleHooks. */
export function describeHook(hook: LifecycleHook): object {
  return {
    LifecycleHookId: hook.id,
    LifecycleHookName: hook.name,
    LifecycleHookStatus: 'Active',
    LifecycleTransition: hook.transition,
    HeartbeatTimeout: hook.heartbeatSeconds,
    DefaultResult: hook.defaultResult,
    NotificationArn: hook.notificationArn,
    NotificationMetadata: hook.notificationMetadata,
    ScalingGroupId: hook.scalingGroupId,
  }
}
