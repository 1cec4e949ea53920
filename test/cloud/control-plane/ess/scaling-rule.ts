import type { Resource } from '../resource-store.ts'

/** Keeps a metric of a group near a target by the number of its instances. */
export interface ScalingRule extends Resource {
  readonly scalingGroupId: string
  /** Unique across regions. */
  readonly ari: string
  readonly name: string
  readonly cooldownSeconds: number | undefined
  readonly tracking: Tracking
}

/** The target of a metric. */
export interface Tracking {
  metricName: string
  targetValue: number
  disableScaleIn: boolean
  /** Consecutive values above the target that add instances. */
  scaleOutEvaluationCount: number
  /** Consecutive values below the target that remove instances. */
  scaleInEvaluationCount: number
  /** Warm-up of new instances. */
  warmupSeconds: number
  /** Ids of the two alarms of the rule. */
  readonly alarmIds: readonly [high: string, low: string]
  /** Consecutive values above and below the target so far. */
  tooHigh: number
  tooLow: number
}

/** Share of the target below which a metric is too low, so that scaling does not oscillate. */
const LOW_SHARE = 0.9

/**
 * Takes one value of the metric into account.
 *
 * @param capacity Number of instances
 * @returns The new number of instances; undefined where it does not change
 */
export function track(tracking: Tracking, value: number, capacity: number): number | undefined {
  const { targetValue } = tracking
  tracking.tooHigh = value > targetValue ? tracking.tooHigh + 1 : 0
  tracking.tooLow = value < targetValue * LOW_SHARE ? tracking.tooLow + 1 : 0
  const wanted = Math.max(1, Math.ceil((capacity * value) / targetValue))
  if (tracking.tooHigh >= tracking.scaleOutEvaluationCount && wanted > capacity) {
    tracking.tooHigh = 0
    return wanted
  }
  if (tracking.disableScaleIn) return undefined
  if (tracking.tooLow >= tracking.scaleInEvaluationCount && wanted < capacity) {
    tracking.tooLow = 0
    return wanted
  }
  return undefined
}

/** Returns an item of DescribeScalingRules. */
export function describeRule(
  rule: ScalingRule,
  { minSize, maxSize }: { minSize: number; maxSize: number },
  withAlarms: boolean,
): object {
  const { tracking } = rule
  return {
    ScalingRuleId: rule.id,
    ScalingRuleAri: rule.ari,
    ScalingRuleName: rule.name,
    ScalingRuleType: 'TargetTrackingScalingRule',
    ScalingGroupId: rule.scalingGroupId,
    MinSize: minSize,
    MaxSize: maxSize,
    ...(rule.cooldownSeconds === undefined ? {} : { Cooldown: rule.cooldownSeconds }),
    MetricName: tracking.metricName,
    MetricType: 'system',
    TargetValue: tracking.targetValue,
    DisableScaleIn: tracking.disableScaleIn,
    ScaleOutEvaluationCount: tracking.scaleOutEvaluationCount,
    ScaleInEvaluationCount: tracking.scaleInEvaluationCount,
    EstimatedInstanceWarmup: tracking.warmupSeconds,
    Alarms: { Alarm: withAlarms ? describeAlarms(rule) : [] },
  }
}

/** Returns the alarms of a rule. */
function describeAlarms(rule: ScalingRule): object[] {
  const { tracking } = rule
  const { targetValue, scaleOutEvaluationCount, scaleInEvaluationCount } = tracking
  const alarms = [
    {
      name: 'AlarmHigh',
      operator: '>',
      threshold: targetValue,
      evaluations: scaleOutEvaluationCount,
    },
    {
      name: 'AlarmLow',
      operator: '<',
      threshold: targetValue * LOW_SHARE,
      evaluations: scaleInEvaluationCount,
    },
  ]
  return alarms
    .filter(({ operator }) => operator === '>' || !tracking.disableScaleIn)
    .map(({ name, operator, threshold, evaluations }, index) => ({
      AlarmTaskId: tracking.alarmIds[index],
      AlarmTaskName: `TargetTracking-${rule.id}-${name}`,
      Name: `TargetTracking-${rule.id}-${name}`,
      MetricName: tracking.metricName,
      MetricType: 'system',
      ComparisonOperator: operator,
      Statistics: 'Average',
      Threshold: threshold,
      EvaluationCount: evaluations,
      Period: 60,
      Enable: true,
      ScalingGroupId: rule.scalingGroupId,
      AlarmActions: { AlarmAction: [rule.ari] },
      Dimensions: {
        Dimension: [{ DimensionKey: 'scaling_group', DimensionValue: rule.scalingGroupId }],
      },
    }))
}
