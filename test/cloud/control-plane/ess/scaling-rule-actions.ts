import type { Action, ActionCall } from '../action.ts'
import { optional } from '../optional-parameters.ts'
import { listOf } from '../parameter-values.ts'
import { newResourceId } from '../resource-id.ts'
import { type EssState, ofGroup } from './ess-state.ts'
import { requireLivingGroup } from './lookup.ts'
import { invalid, refuse } from './refusals.ts'
import { describeRule, type ScalingRule, type Tracking } from './scaling-rule.ts'
import { nameOf, oneOf, pageOf, truthOf, wholeBetween } from './values.ts'

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
  'ScalingRuleName',
  'Cooldown',
  'MetricName',
  'MetricType',
  'TargetValue',
  'DisableScaleIn',
  'ScaleOutEvaluationCount',
  'ScaleInEvaluationCount',
  'EstimatedInstanceWarmup',
]

function parseTracking({ parameters, region }: ActionCall): Tracking {
  oneOf(parameters, 'MetricType', ['system'])
  const metricName = oneOf(parameters, 'MetricName', METRICS)
  if (metricName === undefined) throw refuse('MissingParameter', 'MetricName is missing.')
  const text = parameters.TargetValue ?? ''
  const targetValue = text === '' ? undefined : Number(text)
  if (targetValue === undefined) throw refuse('MissingParameter', 'TargetValue is missing.')
  if (!/^(\d+(\.\d{1,3}0*)?)?$/.test(text) || !(targetValue > 0)) throw invalid('TargetValue')
  const whole = (name: string, least: number, most: number) =>
    wholeBetween(parameters, name, [least, most])
  return {
    metricName,
    targetValue,
    disableScaleIn: truthOf(parameters, 'DisableScaleIn') ?? false,
    scaleOutEvaluationCount: whole('ScaleOutEvaluationCount', 1, 60) ?? 3,
    scaleInEvaluationCount: whole('ScaleInEvaluationCount', 1, 60) ?? 15,
    warmupSeconds: whole('EstimatedInstanceWarmup', 0, 86_400) ?? 300,
    alarmIds: [newResourceId('asg', region), newResourceId('asg', region)],
    tooHigh: 0,
    tooLow: 0,
  }
}

/** Makes a rule; one that tracks a target is at work at once. */
export function createScalingRule(state: EssState): Action {
  return {
    permission: 'ess:CreateScalingRule',
    parameters: { ScalingGroupId: 'required', ...optional('ScalingRuleType', ...SETTINGS) },
    handle(call) {
      const group = requireLivingGroup(state, call)
      const others = ofGroup(state.rules, group)
      if (others.length >= QUOTA) throw refuse('QuotaExceeded.ScalingRule')
      // Rules that somebody has to execute are not simulated.
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
        cooldownSeconds: wholeBetween(call.parameters, 'Cooldown', [0, 86_400]),
        tracking: parseTracking(call),
      }
      state.rules.add(rule)
      return { ScalingRuleId: id, ScalingRuleAri: rule.ari }
    },
  }
}

/** Lists rules; an empty list where none is found. */
export function describeScalingRules(state: EssState): Action {
  return {
    permission: 'ess:DescribeScalingRules',
    parameters: optional(
      'ScalingGroupId',
      'ScalingRuleId.N',
      'ScalingRuleName.N',
      'ScalingRuleAri.N',
      'ScalingRuleType',
      'ShowAlarmRules',
      'PageNumber',
      'PageSize',
    ),
    handle(call) {
      const { ScalingGroupId, ScalingRuleType } = call.parameters
      const wanted = (name: string, value: string): boolean => {
        const values = listOf(call.parameters, name)
        return values.length === 0 || values.includes(value)
      }
      const found = state.rules
        .in(call.region)
        .filter(({ id }) => wanted('ScalingRuleId', id))
        .filter(({ name }) => wanted('ScalingRuleName', name))
        .filter(({ ari }) => wanted('ScalingRuleAri', ari))
        .filter(({ scalingGroupId }) => !ScalingGroupId || scalingGroupId === ScalingGroupId)
        .filter(() => (ScalingRuleType || TRACKING) === TRACKING)
      const withAlarms = truthOf(call.parameters, 'ShowAlarmRules') ?? false
      const { items, about } = pageOf(call.parameters, found)
      return {
        ...about,
        ScalingRules: {
          ScalingRule: items.map((rule) => {
            const { minSize = 0, maxSize = 0 } = state.groups.get(rule.scalingGroupId) ?? {}
            return describeRule(rule, { minSize, maxSize }, withAlarms)
          }),
        },
      }
    },
  }
}
