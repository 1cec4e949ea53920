import type { ActionCall, ActionParameters } from '../action.ts'
import { listOf, recordsOf } from '../parameter-values.ts'
import type { EssState } from './ess-state.ts'
import { invalid, refuse } from './refusals.ts'
import type {
  AttachedServerGroup,
  GroupExtras,
  HealthCheckType,
  RemovalPolicy,
  ScalingGroup,
} from './scaling-group.ts'
import { flag, numberBetween, oneOf } from './values.ts'

const SIZE = [0, 2000] as const

/** Parameters that change a group, except its bounds. */
export const GROUP_SETTINGS = [
  'ScalingGroupName?',
  'DesiredCapacity?',
  'DefaultCooldown?',
  'HealthCheckType?',
  'HealthCheckTypes.N?',
  'RemovalPolicy.1?',
  'RemovalPolicy.2?',
  'ScalingPolicy?',
  'StopInstanceTimeout?',
  'GroupDeletionProtection?',
  'VSwitchIds.N?',
  'AllocationStrategy?',
  'SpotAllocationStrategy?',
  'OnDemandBaseCapacity?',
  'OnDemandPercentageAboveBaseCapacity?',
  'SpotInstancePools?',
  'SpotInstanceRemedy?',
  'CompensateWithOnDemand?',
  'AzBalance?',
]

/**
 * Reads the vSwitches of the instances, all in one VPC.
 *
 * @throws ActionError
 */
export function parseVSwitches(
  state: EssState,
  { parameters }: ActionCall,
  before?: ScalingGroup,
): { vSwitchIds: string[]; vpcId: string } {
  const single = parameters.VSwitchId ? [parameters.VSwitchId] : []
  const listed = listOf(parameters, 'VSwitchIds')
  const named = listed.length > 0 ? listed : single
  const ids = named.length > 0 ? named : (before?.vSwitchIds ?? [])
  if (ids.length === 0) throw refuse('MissingParameter', 'VSwitchIds are missing.')
  if (ids.length > 8) throw invalid('VSwitchIds')
  const vpcs = ids.map((id) => {
    const vSwitch = state.compute.vSwitches.get(id)
    if (!vSwitch) throw refuse('InvalidVSwitchId.NotFound')
    return vSwitch.vpcId
  })
  const [vpcId = ''] = vpcs
  if (vpcs.some((id) => id !== (before?.vpcId ?? vpcId))) throw invalid('VSwitchIds')
  return { vSwitchIds: ids, vpcId }
}

function parseHealthChecks(
  parameters: ActionParameters,
  before?: ScalingGroup,
): Pick<ScalingGroup, 'healthCheckTypes' | 'healthCheckListed'> {
  const known = ['ECS', 'LOAD_BALANCER', 'NONE'] as const
  const listed = listOf(parameters, 'HealthCheckTypes').map((text): HealthCheckType => {
    const type = known.find((each) => each === text)
    if (!type) throw invalid('HealthCheckTypes')
    return type
  })
  if (listed.includes('NONE') && listed.length > 1) throw invalid('HealthCheckTypes')
  if (listed.length > 0) return { healthCheckTypes: listed, healthCheckListed: true }
  const single = oneOf(parameters, 'HealthCheckType', known)
  if (single) return { healthCheckTypes: [single], healthCheckListed: false }
  return {
    healthCheckTypes: before?.healthCheckTypes ?? ['ECS'],
    healthCheckListed: before?.healthCheckListed ?? false,
  }
}

function parseRemovalPolicies(
  parameters: ActionParameters,
  before?: ScalingGroup,
): RemovalPolicy[] {
  const policies = ['OldestInstance', 'NewestInstance', 'OldestScalingConfiguration'] as const
  const wanted = ['RemovalPolicy.1', 'RemovalPolicy.2']
    .map((name) => oneOf(parameters, name, policies))
    .filter((policy) => policy !== undefined)
  if (wanted.length > 0) return wanted
  return before?.removalPolicies ?? ['OldestScalingConfiguration', 'OldestInstance']
}

function parseExtras(parameters: ActionParameters, before?: GroupExtras): GroupExtras {
  const strategies = ['priority', 'lowestPrice'] as const
  const whole = (name: string, most: number) => numberBetween(parameters, name, [0, most])
  return {
    allocationStrategy: oneOf(
      parameters,
      'AllocationStrategy',
      strategies,
      before?.allocationStrategy ?? 'priority',
    ),
    spotAllocationStrategy: oneOf(
      parameters,
      'SpotAllocationStrategy',
      strategies,
      before?.spotAllocationStrategy ?? 'priority',
    ),
    onDemandBaseCapacity: whole('OnDemandBaseCapacity', 1000) ?? before?.onDemandBaseCapacity ?? 0,
    onDemandPercentageAboveBaseCapacity:
      whole('OnDemandPercentageAboveBaseCapacity', 100) ??
      before?.onDemandPercentageAboveBaseCapacity ??
      100,
    spotInstanceRemedy: flag(parameters, 'SpotInstanceRemedy', before?.spotInstanceRemedy ?? false),
    compensateWithOnDemand: flag(
      parameters,
      'CompensateWithOnDemand',
      before?.compensateWithOnDemand ?? true,
    ),
    azBalance: flag(parameters, 'AzBalance', before?.azBalance ?? false),
  }
}

/** Reads the server groups that instances join. @throws ActionError */
export function parseServerGroups(state: EssState, call: ActionCall): AttachedServerGroup[] {
  return recordsOf(call.parameters, 'AlbServerGroup').map((record) => {
    const group = state.alb.serverGroups.get(record.AlbServerGroupId)
    if (!group) throw refuse('InvalidAlbServerGroupId.NotFound')
    const port = numberBetween(record, 'Port', [1, 65_535])
    if (port === undefined) throw refuse('MissingParameter', 'AlbServerGroup.Port is missing.')
    return { id: group.id, port, weight: numberBetween(record, 'Weight', [0, 100], 50) }
  })
}

/** The settings of a group that can change. */
export type GroupSettings = Pick<
  ScalingGroup,
  | 'minSize'
  | 'maxSize'
  | 'desiredCapacity'
  | 'cooldownSeconds'
  | 'vSwitchIds'
  | 'healthCheckTypes'
  | 'healthCheckListed'
  | 'removalPolicies'
  | 'scalingPolicy'
  | 'deletionProtection'
  | 'extras'
>

/**
 * Reads the settings of a group. Bounds and defaults: "CreateScalingGroup", Auto Scaling API
 * reference.
 *
 * @param before Values of parameters that are absent. @default the service's defaults
 * @throws ActionError
 */
export function parseGroupSettings(
  state: EssState,
  call: ActionCall,
  before?: ScalingGroup,
): GroupSettings {
  const { parameters } = call
  const minSize = numberBetween(parameters, 'MinSize', SIZE, before?.minSize ?? 0)
  const maxSize = numberBetween(parameters, 'MaxSize', SIZE, before?.maxSize ?? 0)
  if (minSize > maxSize) throw refuse('InvalidParameter.Conflict')
  const desiredCapacity =
    numberBetween(parameters, 'DesiredCapacity', SIZE) ?? before?.desiredCapacity
  const outside = (size: number): boolean => size < minSize || size > maxSize
  if (parameters.DesiredCapacity && desiredCapacity !== undefined && outside(desiredCapacity)) {
    throw invalid('DesiredCapacity')
  }
  numberBetween(parameters, 'StopInstanceTimeout', [30, 240])
  return {
    minSize,
    maxSize,
    desiredCapacity,
    cooldownSeconds: numberBetween(
      parameters,
      'DefaultCooldown',
      [0, 86_400],
      before?.cooldownSeconds ?? 300,
    ),
    vSwitchIds: parseVSwitches(state, call, before).vSwitchIds,
    ...parseHealthChecks(parameters, before),
    removalPolicies: parseRemovalPolicies(parameters, before),
    scalingPolicy: oneOf(
      parameters,
      'ScalingPolicy',
      ['recycle', 'release'],
      before?.scalingPolicy ?? 'release',
    ),
    deletionProtection: flag(
      parameters,
      'GroupDeletionProtection',
      before?.deletionProtection ?? false,
    ),
    extras: parseExtras(parameters, before?.extras),
  }
}
