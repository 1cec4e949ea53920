import type { Action, ActionCall } from '../action.ts'
import { optional } from '../optional-parameters.ts'
import { listOf } from '../parameter-values.ts'
import { newResourceId } from '../resource-id.ts'
import type { RegionalResource } from '../resource-store.ts'
import { type EssState, ofGroup } from './ess-state.ts'
import { requireLivingGroup } from './lookup.ts'
import { invalid, refuse } from './refusals.ts'
import { nameOf, oneOf, pageOf, wholeBetween } from './values.ts'

/** A time that instances wait on their way in or out. */
export interface LifecycleHook extends RegionalResource {
  readonly scalingGroupId: string
  readonly name: string
  transition: 'SCALE_OUT' | 'SCALE_IN'
  heartbeatSeconds: number
  /** What happens when the time is over. */
  defaultResult: 'CONTINUE' | 'ABANDON'
  notificationArn: string
  notificationMetadata: string
}

/** Hooks of one group. */
const QUOTA = 10

const SETTINGS = [
  'LifecycleHookName',
  'HeartbeatTimeout',
  'DefaultResult',
  'NotificationArn',
  'NotificationMetadata',
]

type Settings = Pick<
  LifecycleHook,
  'transition' | 'heartbeatSeconds' | 'defaultResult' | 'notificationArn' | 'notificationMetadata'
>

/** Bounds and usual values: "CreateLifecycleHook", Auto Scaling API reference. */
function parseSettings({ parameters }: ActionCall, before?: LifecycleHook): Settings {
  const transition =
    oneOf(parameters, 'LifecycleTransition', ['SCALE_OUT', 'SCALE_IN']) ?? before?.transition
  if (!transition) throw invalid('LifecycleTransition')
  const notificationMetadata = parameters.NotificationMetadata ?? before?.notificationMetadata ?? ''
  if (notificationMetadata.length > 4096) throw invalid('NotificationMetadata')
  // Topics and queues that are told are not simulated.
  const notificationArn = parameters.NotificationArn ?? before?.notificationArn ?? ''
  if (notificationArn !== '' && !/^acs:ess:[a-z0-9-]+:\d+:/.test(notificationArn)) {
    throw invalid('NotificationArn')
  }
  return {
    transition,
    heartbeatSeconds:
      wholeBetween(parameters, 'HeartbeatTimeout', [30, 21_600]) ?? before?.heartbeatSeconds ?? 600,
    defaultResult:
      oneOf(parameters, 'DefaultResult', ['CONTINUE', 'ABANDON']) ??
      before?.defaultResult ??
      'CONTINUE',
    notificationArn,
    notificationMetadata,
  }
}

/** Makes a hook for instances on their way in or out. */
export function createLifecycleHook(state: EssState): Action {
  return {
    permission: 'ess:CreateLifecycleHook',
    parameters: {
      ScalingGroupId: 'required',
      LifecycleTransition: 'required',
      ...optional(...SETTINGS),
    },
    handle(call) {
      const group = requireLivingGroup(state, call)
      const hooks = ofGroup(state.hooks, group)
      if (hooks.length >= QUOTA) throw refuse('QuotaExceeded.LifecycleHook')
      const id = newResourceId('ash', call.region)
      const name = nameOf(call.parameters, 'LifecycleHookName') ?? id
      if (hooks.some((hook) => hook.name === name)) {
        throw refuse('InvalidLifecycleHookName.AlreadyExist')
      }
      state.hooks.add({
        ...parseSettings(call),
        id,
        region: call.region,
        createdAt: call.now,
        scalingGroupId: group.id,
        name,
      })
      return { LifecycleHookId: id }
    },
  }
}

/** Lists hooks; an empty list where none is found. */
export function describeLifecycleHooks(state: EssState): Action {
  return {
    permission: 'ess:DescribeLifecycleHooks',
    parameters: optional(
      'ScalingGroupId',
      'LifecycleHookId.N',
      'LifecycleHookName',
      'PageNumber',
      'PageSize',
    ),
    handle(call) {
      const { ScalingGroupId, LifecycleHookName } = call.parameters
      const ids = listOf(call.parameters, 'LifecycleHookId')
      const found = state.hooks
        .in(call.region)
        .filter(({ id }) => ids.length === 0 || ids.includes(id))
        .filter(({ scalingGroupId }) => !ScalingGroupId || scalingGroupId === ScalingGroupId)
        .filter(({ name }) => !LifecycleHookName || name === LifecycleHookName)
      const { items, about } = pageOf(call.parameters, found)
      return {
        ...about,
        LifecycleHooks: {
          LifecycleHook: items.map((hook) => ({
            LifecycleHookId: hook.id,
            LifecycleHookName: hook.name,
            LifecycleHookStatus: 'Active',
            LifecycleTransition: hook.transition,
            HeartbeatTimeout: hook.heartbeatSeconds,
            DefaultResult: hook.defaultResult,
            NotificationArn: hook.notificationArn,
            NotificationMetadata: hook.notificationMetadata,
            ScalingGroupId: hook.scalingGroupId,
          })),
        },
      }
    },
  }
}
