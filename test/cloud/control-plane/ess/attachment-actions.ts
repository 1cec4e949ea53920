import type { Actions } from '../action.ts'
import type { EssState } from './ess-state.ts'
import { requireLivingGroup } from './lookup.ts'
import { endActivity, startActivity } from './scaling-activity.ts'
import { parseServerGroups } from './scaling-group-parameters.ts'
import { attachServerGroup } from './serving.ts'
import { flag } from './values.ts'

/** Returns the action that attaches ALB server groups to a scaling group. */
export function serverGroupAttachmentActions(state: EssState): Actions {
  return {
    /** Later instances join the server groups, and with ForceAttach existing ones, too. */
    AttachAlbServerGroups: {
      parameters: [
        'ScalingGroupId',
        'AlbServerGroup.N.AlbServerGroupId',
        'AlbServerGroup.N.Port',
        'AlbServerGroup.N.Weight?',
        'ForceAttach?',
        'ClientToken?',
      ],
      handle(call) {
        const group = requireLivingGroup(state, call)
        const force = flag(call.parameters, 'ForceAttach', false)
        const wanted = parseServerGroups(state, call)
        for (const each of wanted) attachServerGroup(state, group, each, force)
        const activity = startActivity(
          state,
          group,
          'A user has asked for it.',
          'Attach ALB server groups',
        )
        endActivity(state, group, activity, [])
        return { ScalingActivityId: activity.id }
      },
    },
  }
}
