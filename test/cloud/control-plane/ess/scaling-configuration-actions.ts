import type { Action } from '../action.ts'
import { optional } from '../optional-parameters.ts'
import { listOf } from '../parameter-values.ts'
import { newResourceId } from '../resource-id.ts'
import { type EssState, ofGroup } from './ess-state.ts'
import { requireConfiguration, requireLivingGroup } from './lookup.ts'
import { refuse } from './refusals.ts'
import { describeConfiguration, type ScalingConfiguration } from './scaling-configuration.ts'
import {
  CONFIGURATION_SETTINGS,
  parseConfigurationSettings,
} from './scaling-configuration-parameters.ts'
import { nameOf, pageOf, truthOf } from './values.ts'

/** Configurations of one group. */
const QUOTA = 10

/** Says what instances of a group are to be made of; it is Inactive until the group is told. */
export function createScalingConfiguration(state: EssState): Action {
  return {
    permission: 'ess:CreateScalingConfiguration',
    parameters: {
      ScalingGroupId: 'required',
      ImageId: 'required',
      ...optional('ClientToken', 'SecurityEnhancementStrategy', ...CONFIGURATION_SETTINGS),
    },
    handle(call) {
      const group = requireLivingGroup(state, call)
      const others = ofGroup(state.configurations, group)
      if (others.length >= QUOTA) throw refuse('QuotaExceeded.ScalingConfiguration')
      const id = newResourceId('asc', call.region)
      const name = nameOf(call.parameters, 'ScalingConfigurationName') ?? id
      if (others.some((each) => each.name === name)) {
        throw refuse('InvalidScalingConfigurationName.Duplicate')
      }
      state.configurations.add({
        ...parseConfigurationSettings(state, group, call),
        id,
        region: call.region,
        createdAt: call.now,
        scalingGroupId: group.id,
        name,
      })
      return { ScalingConfigurationId: id }
    },
  }
}

function isActive(state: EssState, { id, scalingGroupId }: ScalingConfiguration): boolean {
  return state.groups.get(scalingGroupId)?.activeConfigurationId === id
}

/** Lists configurations; an empty list where none is found. */
export function describeScalingConfigurations(state: EssState): Action {
  return {
    permission: 'ess:DescribeScalingConfigurations',
    parameters: optional(
      'ScalingGroupId',
      'ScalingConfigurationId.N',
      'ScalingConfigurationName.N',
      'PageNumber',
      'PageSize',
    ),
    handle(call) {
      const ids = listOf(call.parameters, 'ScalingConfigurationId')
      const names = listOf(call.parameters, 'ScalingConfigurationName')
      const { ScalingGroupId } = call.parameters
      const found = state.configurations
        .in(call.region)
        .filter(({ id }) => ids.length === 0 || ids.includes(id))
        .filter(({ name }) => names.length === 0 || names.includes(name))
        .filter(({ scalingGroupId }) => !ScalingGroupId || scalingGroupId === ScalingGroupId)
      const { items, about } = pageOf(call.parameters, found)
      return {
        ...about,
        ScalingConfigurations: {
          ScalingConfiguration: items.map((configuration) =>
            describeConfiguration(configuration, isActive(state, configuration)),
          ),
        },
      }
    },
  }
}

/** Changes a configuration; instances that there are stay as they are. */
export function modifyScalingConfiguration(state: EssState): Action {
  return {
    permission: 'ess:ModifyScalingConfiguration',
    parameters: {
      ScalingConfigurationId: 'required',
      ...optional('Override', ...CONFIGURATION_SETTINGS),
    },
    handle(call) {
      const configuration = requireConfiguration(state, call)
      const group = state.groups.get(configuration.scalingGroupId)
      if (!group || group.lifecycleState === 'Deleting') {
        throw refuse('IncorrectScalingGroupStatus')
      }
      truthOf(call.parameters, 'Override')
      const name = nameOf(call.parameters, 'ScalingConfigurationName')
      const settings = parseConfigurationSettings(state, group, call, configuration)
      const taken = ofGroup(state.configurations, group).some(
        (each) => each.id !== configuration.id && each.name === name,
      )
      if (taken) throw refuse('InvalidScalingConfigurationName.Duplicate')
      Object.assign(configuration, settings)
      if (name !== undefined) configuration.name = name
      return {}
    },
  }
}
