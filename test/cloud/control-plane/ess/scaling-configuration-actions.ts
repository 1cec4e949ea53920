import type { Actions } from '../action.ts'
import { listAction } from '../list-action.ts'
import { newResourceId } from '../resource-id.ts'
import { type EssState, ofGroup } from './ess-state.ts'
import { requireConfiguration, requireLivingGroup } from './lookup.ts'
import { refuse } from './refusals.ts'
import { describeConfiguration, type ScalingConfiguration } from './scaling-configuration.ts'
import {
  CONFIGURATION_SETTINGS,
  parseConfigurationSettings,
} from './scaling-configuration-parameters.ts'
import { flag, nameOf, pages } from './values.ts'

/** Configurations of one group. */
const QUOTA = 10

function isActive(state: EssState, { id, scalingGroupId }: ScalingConfiguration): boolean {
  return state.groups.get(scalingGroupId)?.activeConfigurationId === id
}

/** Returns the actions on scaling configurations; a configuration is deleted with its group. */
export function configurationActions(state: EssState): Actions {
  return {
    /** Inactive until its group activates it. */
    CreateScalingConfiguration: {
      parameters: [
        'ScalingGroupId',
        'ImageId',
        'ClientToken?',
        'SecurityEnhancementStrategy?',
        ...CONFIGURATION_SETTINGS,
      ],
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
    },
    DescribeScalingConfigurations: listAction({
      all: () => state.configurations.all(),
      filters: {
        'ScalingConfigurationId.N': ({ id }) => id,
        'ScalingConfigurationName.N': ({ name }) => name,
        ScalingGroupId: ({ scalingGroupId }) => scalingGroupId,
      },
      paging: pages,
      answer: (configurations) => ({
        ScalingConfigurations: {
          ScalingConfiguration: configurations.map((configuration) =>
            describeConfiguration(configuration, isActive(state, configuration)),
          ),
        },
      }),
    }),
    /** Existing instances stay as they are. */
    ModifyScalingConfiguration: {
      parameters: ['ScalingConfigurationId', 'Override?', ...CONFIGURATION_SETTINGS],
      handle(call) {
        const configuration = requireConfiguration(state, call)
        const group = state.groups.get(configuration.scalingGroupId)
        if (!group || group.lifecycleState === 'Deleting') {
          throw refuse('IncorrectScalingGroupStatus')
        }
        flag(call.parameters, 'Override')
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
    },
  }
}
