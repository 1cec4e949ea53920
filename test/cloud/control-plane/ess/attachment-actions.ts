import type { Action } from '../action.ts'
import { optional } from '../optional-parameters.ts'
import type { EssState } from './ess-state.ts'
import { requireLivingGroup } from './lookup.ts'
import { beginActivity, endActivity } from './scaling-activity.ts'
import type { ScalingGroup } from './scaling-group.ts'
import { parseServerGroups } from './scaling-group-parameters.ts'
import { attachServerGroup } from './serving.ts'
import { truthOf } from './values.ts'

/** Puts the instances of a group into server groups of ALB, now and later. */
export function attachAlbServerGroups(state: EssState): Action {
  return {
    permission: 'ess:AttachAlbServerGroups',
    parameters: {
      ScalingGroupId: 'required',
      'AlbServerGroup.N.AlbServerGroupId': 'required',
      'AlbServerGroup.N.Port': 'required',
      ...optional('AlbServerGroup.N.Weight', 'ForceAttach', 'ClientToken'),
    },
    handle(call) {
      const group = requireLivingGroup(state, call)
      const force = truthOf(call.parameters, 'ForceAttach') ?? false
      const wanted = parseServerGroups(state, call)
      for (const each of wanted) attachServerGroup(state, group, each, force)
      return { ScalingActivityId: endedActivity(state, group, 'Attach ALB server groups') }
    },
  }
}

function endedActivity(state: EssState, group: ScalingGroup, description: string): string {
  const activity = beginActivity(state, group, 'A user has asked for it.', description)
  endActivity(state, group, activity, [])
  return activity.id
}
