import type { ActionCall, Actions } from '../action.ts'
import { listAction } from '../list-action.ts'
import { requireServiceLinkedRole } from '../ram/service-linked-roles.ts'
import { newResourceId } from '../resource-id.ts'
import { parseTags, TAG_PARAMETERS } from '../resource-tags.ts'
import type { EssState } from './ess-state.ts'
import { requireGroup, requireLivingGroup } from './lookup.ts'
import { refuse } from './refusals.ts'
import { startEngine } from './scaling-engine.ts'
import { describeScalingGroup, type ScalingGroup } from './scaling-group.ts'
import {
  GROUP_SETTINGS,
  parseGroupSettings,
  parseServerGroups,
  parseVSwitches,
} from './scaling-group-parameters.ts'
import { flag, nameOf, oneOf, pages } from './values.ts'

/** Groups of an account in one region. */
const QUOTA = 20

function checkGroupName(state: EssState, call: ActionCall, own?: string): string | undefined {
  const name = nameOf(call.parameters, 'ScalingGroupName')
  const taken = state.groups.all().some((each) => each.id !== own && each.name === name)
  if (taken) throw refuse('InvalidScalingGroupName.Duplicate')
  return name
}

function activate(state: EssState, group: ScalingGroup, configurationId: string): void {
  const configuration = state.configurations.get(configurationId)
  if (configuration?.scalingGroupId !== group.id) {
    throw refuse('InvalidScalingConfigurationId.NotFound')
  }
  group.activeConfigurationId = configurationId
}

/** Returns the actions on scaling groups. */
export function scalingGroupActions(state: EssState): Actions {
  return {
    /** Inactive until it is enabled. */
    CreateScalingGroup: {
      parameters: [
        'MinSize',
        'MaxSize',
        'ClientToken?',
        'GroupType?',
        'MultiAZPolicy?',
        'VSwitchId?',
        'ResourceGroupId?',
        'AlbServerGroup.N.AlbServerGroupId?',
        'AlbServerGroup.N.Port?',
        'AlbServerGroup.N.Weight?',
        ...TAG_PARAMETERS,
        ...GROUP_SETTINGS,
      ],
      handle(call) {
        const { parameters } = call
        requireServiceLinkedRole(state.compute, 'ess.aliyuncs.com')
        oneOf(parameters, 'GroupType', ['ECS'])
        if (state.groups.all().length >= QUOTA) throw refuse('QuotaExceeded.ScalingGroup')
        const policies = ['PRIORITY', 'BALANCE', 'COST_OPTIMIZED', 'COMPOSABLE'] as const
        const id = newResourceId('asg', call.region)
        const settings = parseGroupSettings(state, call)
        const group: ScalingGroup = {
          ...settings,
          id,
          region: call.region,
          createdAt: call.now,
          modifiedAt: call.now,
          vpcId: parseVSwitches(state, call).vpcId,
          multiAzPolicy: oneOf(parameters, 'MultiAZPolicy', policies, 'PRIORITY'),
          tags: parseTags(parameters),
          members: [],
          metrics: new Map(),
          clock: { metricsAt: 0, warmUntil: 0 },
          name: checkGroupName(state, call) ?? id,
          target: settings.desiredCapacity ?? settings.minSize,
          albServerGroups: parseServerGroups(state, call),
          lifecycleState: 'Inactive',
          activeConfigurationId: undefined,
        }
        state.groups.add(group)
        startEngine(state, group)
        return { ScalingGroupId: id }
      },
    },
    DescribeScalingGroups: listAction({
      parameters: ['GroupType?'],
      all: () => state.groups.all(),
      filters: {
        'ScalingGroupId.N': ({ id }) => id,
        'ScalingGroupName.N': ({ name }) => name,
        ScalingGroupName: ({ name }) => name,
      },
      paging: pages,
      answer: (groups) => ({ ScalingGroups: { ScalingGroup: groups.map(describeScalingGroup) } }),
    }),
    /** Changes a group, or activates another configuration for new instances. */
    ModifyScalingGroup: {
      parameters: [
        'ScalingGroupId',
        'MinSize?',
        'MaxSize?',
        'ActiveScalingConfigurationId?',
        ...GROUP_SETTINGS,
      ],
      handle(call) {
        const group = requireLivingGroup(state, call)
        const settings = parseGroupSettings(state, call, group)
        const name = checkGroupName(state, call, group.id)
        const active = call.parameters.ActiveScalingConfigurationId
        if (active) activate(state, group, active)
        Object.assign(group, settings)
        if (name !== undefined) group.name = name
        if (call.parameters.DesiredCapacity) group.target = settings.desiredCapacity ?? group.target
        group.modifiedAt = call.now
        return {}
      },
    },
    /** A group without an active configuration is refused. */
    EnableScalingGroup: {
      parameters: ['ScalingGroupId', 'ActiveScalingConfigurationId?'],
      handle(call) {
        const group = requireGroup(state, call)
        if (group.lifecycleState !== 'Inactive') throw refuse('IncorrectScalingGroupStatus')
        const active = call.parameters.ActiveScalingConfigurationId
        if (active) activate(state, group, active)
        if (!group.activeConfigurationId) throw refuse('MissingActiveScalingConfiguration')
        group.lifecycleState = 'Active'
        return {}
      },
    },
    /** Deletes an empty group, or by force one with instances. */
    DeleteScalingGroup: {
      parameters: ['ScalingGroupId', 'ForceDelete?'],
      handle(call) {
        const group = requireGroup(state, call)
        const force = flag(call.parameters, 'ForceDelete', false)
        if (group.lifecycleState === 'Deleting') return {}
        if (group.deletionProtection) throw refuse('OperationDenied.GroupDeletionProtection')
        if (!force && group.members.length > 0) throw refuse('InstanceInUse')
        group.lifecycleState = 'Deleting'
        return {}
      },
    },
  }
}
