import type { ActionParameters, Actions } from '../action.ts'
import { listAction } from '../list-action.ts'
import { newResourceId } from '../resource-id.ts'
import { type EssState, ofGroup } from './ess-state.ts'
import { describeHook, type LifecycleHook } from './lifecycle-hook.ts'
import { requireLivingGroup } from './lookup.ts'
import { invalid, refuse } from './refusals.ts'
import { nameOf, numberBetween, oneOf, pages } from './values.ts'

/** Hooks of one group. */
const QUOTA = 10

type Settings = Pick<
  LifecycleHook,
  'transition' | 'heartbeatSeconds' | 'defaultResult' | 'notificationArn' | 'notificationMetadata'
>

/** Bounds and defaults: "CreateLifecycleHook", Auto Scaling API reference. */
function parseSettings(parameters: ActionParameters): Settings {
  const transition = oneOf(parameters, 'LifecycleTransition', ['SCALE_OUT', 'SCALE_IN'])
  if (!transition) throw invalid('LifecycleTransition')
  const { NotificationMetadata: notificationMetadata = '' } = parameters
  if (notificationMetadata.length > 4096) throw invalid('NotificationMetadata')
  // Nothing is sent to the topic or queue.
  const { NotificationArn: notificationArn = '' } = parameters
  if (notificationArn !== '' && !/^acs:ess:[a-z0-9-]+:\d+:/.test(notificationArn)) {
    throw invalid('NotificationArn')
  }
  return {
    transition,
    heartbeatSeconds: numberBetween(parameters, 'HeartbeatTimeout', [30, 21_600], 600),
    defaultResult: oneOf(parameters, 'DefaultResult', ['CONTINUE', 'ABANDON'], 'CONTINUE'),
    notificationArn,
    notificationMetadata,
  }
}

/** Returns the actions on lifecycle hooks; a hook is deleted with its group. */
export function lifecycleHookActions(state: EssState): Actions {
  return {
    CreateLifecycleHook: {
      parameters: [
        'ScalingGroupId',
        'LifecycleTransition',
        'LifecycleHookName?',
        'HeartbeatTimeout?',
        'DefaultResult?',
        'NotificationArn?',
        'NotificationMetadata?',
      ],
      handle(call) {
        const { parameters, now, region } = call
        const group = requireLivingGroup(state, call)
        const hooks = ofGroup(state.hooks, group)
        if (hooks.length >= QUOTA) throw refuse('QuotaExceeded.LifecycleHook')
        const id = newResourceId('ash', region)
        const name = nameOf(parameters, 'LifecycleHookName') ?? id
        if (hooks.some((hook) => hook.name === name)) {
          throw refuse('InvalidLifecycleHookName.AlreadyExist')
        }
        const settings = parseSettings(parameters)
        state.hooks.add({ ...settings, id, region, createdAt: now, scalingGroupId: group.id, name })
        return { LifecycleHookId: id }
      },
    },
    DescribeLifecycleHooks: listAction({
      all: () => state.hooks.all(),
      filters: {
        'LifecycleHookId.N': ({ id }) => id,
        ScalingGroupId: ({ scalingGroupId }) => scalingGroupId,
        LifecycleHookName: ({ name }) => name,
      },
      paging: pages,
      answer: (hooks) => ({ LifecycleHooks: { LifecycleHook: hooks.map(describeHook) } }),
    }),
  }
}
