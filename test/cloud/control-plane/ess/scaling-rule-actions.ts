import type { Action, ActionCall } from '../action.ts'
import { optional } from '../optional-parameters.ts'
import { listOf } from '../parameter-values.ts'
import { newResourceId } from '../resource-id.ts'
import { type EssState, ofGroup } from './ess-state.ts'
import { requireLivingGroup, requireRule } from './lookup.ts'
import { stays } from './member.ts'
import { invalid, refuse } from './refusals.ts'
import {
  adjust,
  describeAlarms,
  describeRule,
  type ScalingRule,
  type Tracking,
} from './scaling-rule.ts'
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

const SETTINGS = [
  'ScalingRuleName',
  'Cooldown',
  'AdjustmentType',
  'AdjustmentValue',
  'MetricName',
  'MetricType',
  'TargetValue',
  'DisableScaleIn',
  'ScaleOutEvaluationCount',
  'ScaleInEvaluationCount',
  'EstimatedInstanceWarmup',
]

function parseAdjustment({ parameters }: ActionCall, before?: ScalingRule['adjustment']) {
  const types = ['QuantityChangeInCapacity', 'PercentChangeInCapacity', 'TotalCapacity'] as const
  const type = oneOf(parameters, 'AdjustmentType', types) ?? before?.type
  const value = wholeBetween(parameters, 'AdjustmentValue', [-10_000, 10_000]) ?? before?.value
  if (type === undefined) throw refuse('MissingParameter', 'AdjustmentType is missing.')
  if (value === undefined) throw refuse('MissingParameter', 'AdjustmentValue is missing.')
  return { type, value }
}

function parseTracking({ parameters, region }: ActionCall, before?: Tracking): Tracking {
  oneOf(parameters, 'MetricType', ['system'])
  const metricName = oneOf(parameters, 'MetricName', METRICS) ?? before?.metricName
  if (metricName === undefined) throw refuse('MissingParameter', 'MetricName is missing.')
  const text = parameters.TargetValue ?? ''
  const targetValue = text === '' ? before?.targetValue : Number(text)
  if (targetValue === undefined) throw refuse('MissingParameter', 'TargetValue is missing.')
  if (!/^(\d+(\.\d{1,3}0*)?)?$/.test(text) || !(targetValue > 0)) throw invalid('TargetValue')
  const whole = (name: string, least: number, most: number) =>
    wholeBetween(parameters, name, [least, most])
  return {
    metricName,
    targetValue,
    disableScaleIn: truthOf(parameters, 'DisableScaleIn') ?? before?.disableScaleIn ?? false,
    scaleOutEvaluationCount:
      whole('ScaleOutEvaluationCount', 1, 60) ?? before?.scaleOutEvaluationCount ?? 3,
    scaleInEvaluationCount:
      whole('ScaleInEvaluationCount', 1, 60) ?? before?.scaleInEvaluationCount ?? 15,
    warmupSeconds: whole('EstimatedInstanceWarmup', 0, 86_400) ?? before?.warmupSeconds ?? 300,
    alarmIds: before?.alarmIds ?? [newResourceId('asg', region), newResourceId('asg', region)],
    tooHigh: 0,
    tooLow: 0,
  }
}

function checkRuleName(rules: readonly ScalingRule[], call: ActionCall, own?: string) {
  const name = nameOf(call.parameters, 'ScalingRuleName')
  if (rules.some((rule) => rule.id !== own && rule.name === name)) {
    throw refuse('InvalidScalingRuleName.Duplicate')
  }
  return name
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
      const types = ['SimpleScalingRule', 'TargetTrackingScalingRule'] as const
      const type = oneOf(call.parameters, 'ScalingRuleType', types) ?? 'SimpleScalingRule'
      const id = newResourceId('asr', call.region)
      const rule: ScalingRule = {
        id,
        region: call.region,
        createdAt: call.now,
        scalingGroupId: group.id,
        ari: `ari:acs:ess:${call.region}:${state.compute.accountId}:scalingrule/${id}`,
        type,
        name: checkRuleName(others, call) ?? id,
        cooldownSeconds: wholeBetween(call.parameters, 'Cooldown', [0, 86_400]),
        adjustment: type === 'SimpleScalingRule' ? parseAdjustment(call) : undefined,
        tracking: type === 'TargetTrackingScalingRule' ? parseTracking(call) : undefined,
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
        .filter(({ type }) => !ScalingRuleType || type === ScalingRuleType)
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

/** Changes a rule. */
export function modifyScalingRule(state: EssState): Action {
  return {
    permission: 'ess:ModifyScalingRule',
    parameters: { ScalingRuleId: 'required', ...optional(...SETTINGS) },
    handle(call) {
      const rule = requireRule(state, call)
      const others = state.rules
        .all()
        .filter(({ scalingGroupId }) => scalingGroupId === rule.scalingGroupId)
      const name = checkRuleName(others, call, rule.id)
      const cooldown = wholeBetween(call.parameters, 'Cooldown', [0, 86_400])
      if (rule.adjustment) rule.adjustment = parseAdjustment(call, rule.adjustment)
      if (rule.tracking) rule.tracking = parseTracking(call, rule.tracking)
      rule.name = name ?? rule.name
      rule.cooldownSeconds = cooldown ?? rule.cooldownSeconds
      return {}
    },
  }
}

/** Takes a rule away, with its alarms. */
export function deleteScalingRule(state: EssState): Action {
  return {
    permission: 'ess:DeleteScalingRule',
    parameters: { ScalingRuleId: 'required' },
    handle(call) {
      state.rules.remove(requireRule(state, call).id)
      return {}
    },
  }
}

/** Does at once what a simple rule says, whether its cooldown is over or not. */
export function executeScalingRule(state: EssState): Action {
  return {
    permission: 'ess:ExecuteScalingRule',
    parameters: { ScalingRuleAri: 'required', ...optional('ClientToken') },
    handle(call) {
      const { ScalingRuleAri } = call.parameters
      const rule = state.rules.in(call.region).find(({ ari }) => ari === ScalingRuleAri)
      if (!rule) throw refuse('InvalidScalingRuleAri.NotFound')
      const group = state.groups.get(rule.scalingGroupId)
      if (group?.lifecycleState !== 'Active') throw refuse('IncorrectScalingGroupStatus')
      if (!rule.adjustment) throw invalid('ScalingRuleAri')
      if (group.busy) throw refuse('ScalingActivityInProgress')
      const capacity = group.members.filter(stays).length
      const wanted = adjust(rule.adjustment, capacity)
      group.target = Math.min(group.maxSize, Math.max(group.minSize, wanted))
      return { ScalingActivityId: newResourceId('asa', call.region) }
    },
  }
}

/** Lists the alarms that rules stand on. */
export function describeAlarmTasks(state: EssState): Action {
  return {
    permission: 'ess:DescribeAlarms',
    parameters: optional(
      'AlarmTaskId',
      'ScalingGroupId',
      'MetricType',
      'MetricName',
      'PageNumber',
      'PageSize',
    ),
    handle(call) {
      const { AlarmTaskId, ScalingGroupId, MetricType = 'system', MetricName } = call.parameters
      const found = state.rules
        .in(call.region)
        .filter(({ scalingGroupId }) => !ScalingGroupId || scalingGroupId === ScalingGroupId)
        .filter(({ tracking }) => !MetricName || tracking?.metricName === MetricName)
        .flatMap((rule) => (rule.tracking ? describeAlarms(rule, rule.tracking) : []))
        .filter((alarm) => !AlarmTaskId || Reflect.get(alarm, 'AlarmTaskId') === AlarmTaskId)
      const { items, about } = pageOf(call.parameters, MetricType === 'system' ? found : [])
      return { ...about, AlarmList: { Alarm: items } }
    },
  }
}
