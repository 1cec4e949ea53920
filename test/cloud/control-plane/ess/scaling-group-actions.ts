import type { Action, ActionCall, ActionParameters } from '../action.ts'
import { optional } from '../optional-parameters.ts'
import { listOf, recordsOf } from '../parameter-values.ts'
import { newResourceId } from '../resource-id.ts'
import { parseTags } from '../resource-tags.ts'
import type { EssState } from './ess-state.ts'
import { requireGroup, requireLivingGroup } from './lookup.ts'
import { invalid, refuse } from './refusals.ts'
import { beginActivity, endActivity } from './scaling-activity.ts'
import { startEngine } from './scaling-engine.ts'
import {
  type AttachedServerGroup,
  describeScalingGroup,
  type GroupExtras,
  type HealthCheckType,
  type RemovalPolicy,
  type ScalingGroup,
} from './scaling-group.ts'
import { attachServerGroup, detachServerGroup } from './serving.ts'
import { nameOf, oneOf, pageOf, truthOf, wholeBetween } from './values.ts'

/** Groups of an account in one region. */
const QUOTA = 20

const SIZE = [0, 2000] as const

const SETTINGS = [
  'ScalingGroupName',
  'DesiredCapacity',
  'DefaultCooldown',
  'HealthCheckType',
  'HealthCheckTypes.N',
  'RemovalPolicy.1',
  'RemovalPolicy.2',
  'ScalingPolicy',
  'StopInstanceTimeout',
  'GroupDeletionProtection',
  'VSwitchIds.N',
  'AllocationStrategy',
  'SpotAllocationStrategy',
  'OnDemandBaseCapacity',
  'OnDemandPercentageAboveBaseCapacity',
  'SpotInstancePools',
  'SpotInstanceRemedy',
  'CompensateWithOnDemand',
  'AzBalance',
]

function parseVSwitches(
  state: EssState,
  { parameters, region }: ActionCall,
  before?: ScalingGroup,
): { vSwitchIds: string[]; vpcId: string } {
  const single = parameters.VSwitchId ? [parameters.VSwitchId] : []
  const listed = listOf(parameters, 'VSwitchIds')
  const named = listed.length > 0 ? listed : single
  const ids = named.length > 0 ? named : (before?.vSwitchIds ?? [])
  if (ids.length === 0) throw refuse('MissingParameter', 'VSwitchIds are missing.')
  if (ids.length > 8) throw invalid('VSwitchIds')
  const vpcs = ids.map((id) => {
    const vSwitch = state.compute.vSwitches.find(id, region)
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
  const whole = (name: string, most: number) => wholeBetween(parameters, name, [0, most])
  return {
    allocationStrategy:
      oneOf(parameters, 'AllocationStrategy', strategies) ??
      before?.allocationStrategy ??
      'priority',
    spotAllocationStrategy:
      oneOf(parameters, 'SpotAllocationStrategy', strategies) ??
      before?.spotAllocationStrategy ??
      'priority',
    onDemandBaseCapacity: whole('OnDemandBaseCapacity', 1000) ?? before?.onDemandBaseCapacity ?? 0,
    onDemandPercentageAboveBaseCapacity:
      whole('OnDemandPercentageAboveBaseCapacity', 100) ??
      before?.onDemandPercentageAboveBaseCapacity ??
      100,
    spotInstanceRemedy:
      truthOf(parameters, 'SpotInstanceRemedy') ?? before?.spotInstanceRemedy ?? false,
    compensateWithOnDemand:
      truthOf(parameters, 'CompensateWithOnDemand') ?? before?.compensateWithOnDemand ?? true,
    azBalance: truthOf(parameters, 'AzBalance') ?? before?.azBalance ?? false,
  }
}

function parseServerGroups(state: EssState, call: ActionCall): AttachedServerGroup[] {
  return recordsOf(call.parameters, 'AlbServerGroup').map((record) => {
    const group = state.alb.serverGroups.find(record.AlbServerGroupId, call.region)
    if (!group) throw refuse('InvalidAlbServerGroupId.NotFound')
    const port = wholeBetween(record, 'Port', [1, 65_535])
    if (port === undefined) throw refuse('MissingParameter', 'AlbServerGroup.Port is missing.')
    return { id: group.id, port, weight: wholeBetween(record, 'Weight', [0, 100]) ?? 50 }
  })
}

type Settings = Pick<
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

function parseSettings(state: EssState, call: ActionCall, before?: ScalingGroup): Settings {
  const { parameters } = call
  const minSize = wholeBetween(parameters, 'MinSize', SIZE) ?? before?.minSize ?? 0
  const maxSize = wholeBetween(parameters, 'MaxSize', SIZE) ?? before?.maxSize ?? 0
  if (minSize > maxSize) throw refuse('InvalidParameter.Conflict')
  const desiredCapacity =
    wholeBetween(parameters, 'DesiredCapacity', SIZE) ?? before?.desiredCapacity
  const outside = (size: number): boolean => size < minSize || size > maxSize
  if (parameters.DesiredCapacity && desiredCapacity !== undefined && outside(desiredCapacity)) {
    throw invalid('DesiredCapacity')
  }
  wholeBetween(parameters, 'StopInstanceTimeout', [30, 240])
  return {
    minSize,
    maxSize,
    desiredCapacity,
    cooldownSeconds:
      wholeBetween(parameters, 'DefaultCooldown', [0, 86_400]) ?? before?.cooldownSeconds ?? 300,
    vSwitchIds: parseVSwitches(state, call, before).vSwitchIds,
    ...parseHealthChecks(parameters, before),
    removalPolicies: parseRemovalPolicies(parameters, before),
    scalingPolicy:
      oneOf(parameters, 'ScalingPolicy', ['recycle', 'release']) ??
      before?.scalingPolicy ??
      'release',
    deletionProtection:
      truthOf(parameters, 'GroupDeletionProtection') ?? before?.deletionProtection ?? false,
    extras: parseExtras(parameters, before?.extras),
  }
}

function checkGroupName(state: EssState, call: ActionCall, own?: string): string | undefined {
  const name = nameOf(call.parameters, 'ScalingGroupName')
  const taken = state.groups.in(call.region).some((each) => each.id !== own && each.name === name)
  if (taken) throw refuse('InvalidScalingGroupName.Duplicate')
  return name
}

/** Makes a group; it is Inactive until it is enabled. */
export function createScalingGroup(state: EssState): Action {
  return {
    permission: 'ess:CreateScalingGroup',
    parameters: {
      MinSize: 'required',
      MaxSize: 'required',
      ...optional(
        'ClientToken',
        'GroupType',
        'MultiAZPolicy',
        'VSwitchId',
        'ResourceGroupId',
        'AlbServerGroup.N.AlbServerGroupId',
        'AlbServerGroup.N.Port',
        'AlbServerGroup.N.Weight',
        'Tag.N.Key',
        'Tag.N.Value',
        ...SETTINGS,
      ),
    },
    handle(call) {
      const { parameters } = call
      oneOf(parameters, 'GroupType', ['ECS'])
      if (state.groups.in(call.region).length >= QUOTA) throw refuse('QuotaExceeded.ScalingGroup')
      const policies = ['PRIORITY', 'BALANCE', 'COST_OPTIMIZED', 'COMPOSABLE'] as const
      const id = newResourceId('asg', call.region)
      const settings = parseSettings(state, call)
      const group: ScalingGroup = {
        ...settings,
        id,
        region: call.region,
        createdAt: call.now,
        modifiedAt: call.now,
        vpcId: parseVSwitches(state, call).vpcId,
        multiAzPolicy: oneOf(parameters, 'MultiAZPolicy', policies) ?? 'PRIORITY',
        tags: parseTags(parameters),
        members: [],
        metrics: new Map(),
        clock: { metricsAt: 0, warmUntil: 0 },
        busy: false,
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
  }
}

/** Lists groups; an empty list where none is found. */
export function describeScalingGroups(state: EssState): Action {
  return {
    permission: 'ess:DescribeScalingGroups',
    parameters: optional(
      'ScalingGroupId.N',
      'ScalingGroupName.N',
      'ScalingGroupName',
      'GroupType',
      'PageNumber',
      'PageSize',
    ),
    handle(call) {
      const ids = listOf(call.parameters, 'ScalingGroupId')
      const names = listOf(call.parameters, 'ScalingGroupName')
      const found = state.groups
        .in(call.region)
        .filter(({ id }) => ids.length === 0 || ids.includes(id))
        .filter(({ name }) => names.length === 0 || names.includes(name))
      const { items, about } = pageOf(call.parameters, found)
      return { ...about, ScalingGroups: { ScalingGroup: items.map(describeScalingGroup) } }
    },
  }
}

/** Changes a group, or which configuration its next instances are made of. */
export function modifyScalingGroup(state: EssState): Action {
  return {
    permission: 'ess:ModifyScalingGroup',
    parameters: {
      ScalingGroupId: 'required',
      ...optional('MinSize', 'MaxSize', 'ActiveScalingConfigurationId', ...SETTINGS),
    },
    handle(call) {
      const group = requireLivingGroup(state, call)
      const settings = parseSettings(state, call, group)
      const name = checkGroupName(state, call, group.id)
      const active = call.parameters.ActiveScalingConfigurationId
      if (active) activate(state, group, active)
      Object.assign(group, settings)
      if (name !== undefined) group.name = name
      if (call.parameters.DesiredCapacity) group.target = settings.desiredCapacity ?? group.target
      group.modifiedAt = call.now
      return {}
    },
  }
}

function activate(state: EssState, group: ScalingGroup, configurationId: string): void {
  const configuration = state.configurations.find(configurationId, group.region)
  if (configuration?.scalingGroupId !== group.id) {
    throw refuse('InvalidScalingConfigurationId.NotFound')
  }
  group.activeConfigurationId = configurationId
}

/** Has a group make and remove instances. */
export function enableScalingGroup(state: EssState): Action {
  return {
    permission: 'ess:EnableScalingGroup',
    parameters: { ScalingGroupId: 'required', ...optional('ActiveScalingConfigurationId') },
    handle(call) {
      const group = requireGroup(state, call)
      if (group.lifecycleState !== 'Inactive') throw refuse('IncorrectScalingGroupStatus')
      const active = call.parameters.ActiveScalingConfigurationId
      if (active) activate(state, group, active)
      if (!group.activeConfigurationId) throw refuse('MissingActiveScalingConfiguration')
      group.lifecycleState = 'Active'
      return {}
    },
  }
}

/** Has a group no longer make or remove instances. */
export function disableScalingGroup(state: EssState): Action {
  return {
    permission: 'ess:DisableScalingGroup',
    parameters: { ScalingGroupId: 'required' },
    handle(call) {
      const group = requireGroup(state, call)
      if (group.lifecycleState !== 'Active') throw refuse('IncorrectScalingGroupStatus')
      group.lifecycleState = 'Inactive'
      return {}
    },
  }
}

/** Takes a group away: an empty one, or by force one with its instances. */
export function deleteScalingGroup(state: EssState): Action {
  return {
    permission: 'ess:DeleteScalingGroup',
    parameters: { ScalingGroupId: 'required', ...optional('ForceDelete') },
    handle(call) {
      const group = requireGroup(state, call)
      const force = truthOf(call.parameters, 'ForceDelete') ?? false
      if (group.lifecycleState === 'Deleting') return {}
      if (group.deletionProtection) throw refuse('OperationDenied.GroupDeletionProtection')
      if (!force && group.members.length > 0) throw refuse('InstanceInUse')
      group.lifecycleState = 'Deleting'
      return {}
    },
  }
}

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

/** Takes the instances of a group out of server groups of ALB. */
export function detachAlbServerGroups(state: EssState): Action {
  return {
    permission: 'ess:DetachAlbServerGroups',
    parameters: {
      ScalingGroupId: 'required',
      'AlbServerGroup.N.AlbServerGroupId': 'required',
      'AlbServerGroup.N.Port': 'required',
      ...optional('ForceDetach', 'ClientToken'),
    },
    handle(call) {
      const group = requireLivingGroup(state, call)
      const force = truthOf(call.parameters, 'ForceDetach') ?? false
      const wanted = parseServerGroups(state, call)
      for (const each of wanted) detachServerGroup(state, group, each, force)
      return { ScalingActivityId: endedActivity(state, group, 'Detach ALB server groups') }
    },
  }
}

function endedActivity(state: EssState, group: ScalingGroup, description: string): string {
  const activity = beginActivity(state, group, 'A user has asked for it.', description)
  endActivity(state, group, activity, [])
  return activity.id
}
