import type { ActionCall, Actions } from '../action.ts'
import { listAction } from '../list-action.ts'
import { newResourceId } from '../resource-id.ts'
import { type EssState, ofGroup } from './ess-state.ts'
import { requireLivingGroup } from './lookup.ts'
import { invalid, refuse } from './refusals.ts'
import { describeRule, type ScalingRule, type Tracking } from './scaling-rule.ts'
import { flag, nameOf, numberBetween, oneOf, pages } from './values.ts'

/** Rules of one group. */
const QUOTA = 50

/** Metrics that a rule may track. Source: "CreateScalingRule", Auto Scaling API reference. */
const METRICS = [
  'CpuUtilization',
  'IntranetTx',
  'IntranetRx',
  'ClassicInternetRx',
  'ClassicInternetTx',
  'VpcInternetRx',
  'VpcInternetTx',
  'LoadBalancerRealServerAverageQps',
  'CpuUtilizationAgent',
  'MemoryUtilization',
] as const

const TRACKING = 'TargetTrackingScalingRule'

const SETTINGS = [
  'ScalingRuleName?',
  'Cooldown?',
  'MetricName?',
  'MetricType?',
  'TargetValue?',
  'DisableScaleIn?',
  'ScaleOutEvaluationCount?',
  'ScaleInEvaluationCount?',
  'EstimatedInstanceWarmup?',
]

function parseTracking({ parameters, region }: ActionCall): Tracking {
  oneOf(parameters, 'MetricType', ['system'])
  const metricName = oneOf(parameters, 'MetricName', METRICS)
  if (metricName === undefined) throw refuse('MissingParameter', 'MetricName is missing.')
  const text = parameters.TargetValue ?? ''
  const targetValue = text === '' ? undefined : Number(text)
  if (targetValue === undefined) throw refuse('MissingParameter', 'TargetValue is missing.')
  if (!/^(\d+(\.\d{1,3}0*)?)?$/.test(text) || !(targetValue > 0)) throw invalid('TargetValue')
  return {
    metricName,
    targetValue,
    disableScaleIn: flag(parameters, 'DisableScaleIn', false),
    scaleOutEvaluationCount: numberBetween(parameters, 'ScaleOutEvaluationCount', [1, 60], 3),
    scaleInEvaluationCount: numberBetween(parameters, 'ScaleInEvaluationCount', [1, 60], 15),
    warmupSeconds: numberBetween(parameters, 'EstimatedInstanceWarmup', [0, 86_400], 300),
    alarmIds: [newResourceId('asg', region), newResourceId('asg', region)],
    tooHigh: 0,
    tooLow: 0,
  }
}

/** Returns the actions on scaling rules; a rule is deleted with its group. */
export function scalingRuleActions(state: EssState): Actions {
  return {
    /** The rule takes effect at once. */
    CreateScalingRule: {
      parameters: ['ScalingGroupId', 'ScalingRuleType?', ...SETTINGS],
      handle(call) {
        const group = requireLivingGroup(state, call)
        const others = ofGroup(state.rules, group)
        if (others.length >= QUOTA) throw refuse('QuotaExceeded.ScalingRule')
        // Simple rules, which have to be executed, are not simulated.
        const type = oneOf(call.parameters, 'ScalingRuleType', [TRACKING])
        if (!type) throw refuse('MissingParameter', 'ScalingRuleType is missing.')
        const name = nameOf(call.parameters, 'ScalingRuleName')
        if (others.some((rule) => rule.name === name))
          throw refuse('InvalidScalingRuleName.Duplicate')
        const id = newResourceId('asr', call.region)
        const rule: ScalingRule = {
          id,
          region: call.region,
          createdAt: call.now,
          scalingGroupId: group.id,
          ari: `ari:acs:ess:${call.region}:${state.compute.accountId}:scalingrule/${id}`,
          name: name ?? id,
          cooldownSeconds: numberBetween(call.parameters, 'Cooldown', [0, 86_400]),
          tracking: parseTracking(call),
        }
        state.rules.add(rule)
        return { ScalingRuleId: id, ScalingRuleAri: rule.ari }
      },
    },
    DescribeScalingRules: listAction({
      parameters: ['ShowAlarmRules?'],
      all: () => state.rules.all(),
      filters: {
        'ScalingRuleId.N': ({ id }) => id,
        'ScalingRuleName.N': ({ name }) => name,
        'ScalingRuleAri.N': ({ ari }) => ari,
        ScalingGroupId: ({ scalingGroupId }) => scalingGroupId,
        ScalingRuleType: () => TRACKING,
      },
      paging: pages,
      answer: (rules, { parameters }) => ({
        ScalingRules: {
          ScalingRule: rules.map((rule) => {
            const { minSize = 0, maxSize = 0 } = state.groups.get(rule.scalingGroupId) ?? {}
            const withAlarms = flag(parameters, 'ShowAlarmRules', false)
            return describeRule(rule, { minSize, maxSize }, withAlarms)
          }),
        },
      }),
    }),
  }
}
