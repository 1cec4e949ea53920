import type { Action, ActionCall } from '../action.ts'
import { optional } from '../optional-parameters.ts'
import { listOf } from '../parameter-values.ts'
import { randomTail } from '../resource-id.ts'
import { type AlbState, listenersOf } from './alb-state.ts'
import { HEALTH_CHECK_PARAMETERS, parseHealthCheck } from './health-check.ts'
import { startChecks } from './health-checking.ts'
import { beginJob } from './job.ts'
import { TAG_PARAMETERS, tagsOfNew } from './load-balancer-actions.ts'
import { requireServerGroup } from './lookup.ts'
import { pageOf } from './paging.ts'
import { refuse } from './refusals.ts'
import { describeServerGroup, type ServerGroup } from './server-group.ts'
import { checkName, endDryRun, numberBetween, oneOf, truthOf } from './values.ts'

const SETTINGS = [
  'ClientToken',
  'DryRun',
  'Scheduler',
  'CrossZoneEnabled',
  'UpstreamKeepaliveEnabled',
  'ConnectionDrainConfig.ConnectionDrainEnabled',
  'ConnectionDrainConfig.ConnectionDrainTimeout',
  'SlowStartConfig.SlowStartEnabled',
  'SlowStartConfig.SlowStartDuration',
  'StickySessionConfig.StickySessionEnabled',
  'StickySessionConfig.StickySessionType',
  'StickySessionConfig.Cookie',
  'StickySessionConfig.CookieTimeout',
  'UchConfig.Type',
  'UchConfig.Value',
  ...HEALTH_CHECK_PARAMETERS,
]

type Settings = Pick<
  ServerGroup,
  'scheduler' | 'healthCheck' | 'drain' | 'slowStart' | 'sticky' | 'crossZone' | 'upstreamKeepalive'
>

/** Bounds and usual values: "CreateServerGroup", ALB API reference. */
function parseSettings({ parameters }: ActionCall, before?: ServerGroup): Settings {
  const { drain, slowStart, sticky } = before ?? {}
  const truths = (name: string, usual: boolean) => truthOf(parameters, name, usual)
  const numbers = (name: string, bounds: readonly [number, number], usual: number) =>
    numberBetween(parameters, name, bounds, usual)
  return {
    scheduler: oneOf(
      parameters,
      'Scheduler',
      ['Wrr', 'Wlc', 'Sch'],
      (before?.scheduler ?? 'Wrr') as 'Wrr',
    ),
    healthCheck: parseHealthCheck(parameters, before?.healthCheck),
    drain: {
      enabled: truths('ConnectionDrainConfig.ConnectionDrainEnabled', drain?.enabled ?? false),
      timeoutSeconds: numbers(
        'ConnectionDrainConfig.ConnectionDrainTimeout',
        [0, 900],
        drain?.timeoutSeconds ?? 300,
      ),
    },
    slowStart: {
      enabled: truths('SlowStartConfig.SlowStartEnabled', slowStart?.enabled ?? false),
      durationSeconds: numbers(
        'SlowStartConfig.SlowStartDuration',
        [30, 900],
        slowStart?.durationSeconds ?? 30,
      ),
    },
    sticky: {
      enabled: truths('StickySessionConfig.StickySessionEnabled', sticky?.enabled ?? false),
      type: oneOf(
        parameters,
        'StickySessionConfig.StickySessionType',
        ['Insert', 'Server'],
        (sticky?.type ?? 'Insert') as 'Insert',
      ),
      cookie: parameters['StickySessionConfig.Cookie'] ?? sticky?.cookie ?? '',
      timeoutSeconds: numbers(
        'StickySessionConfig.CookieTimeout',
        [1, 86_400],
        sticky?.timeoutSeconds ?? 1000,
      ),
    },
    crossZone: truths('CrossZoneEnabled', before?.crossZone ?? true),
    upstreamKeepalive: truths('UpstreamKeepaliveEnabled', before?.upstreamKeepalive ?? false),
  }
}

/** Makes a server group for instances of a VPC: Creating, then Available. */
export function createServerGroup(state: AlbState): Action {
  return {
    permission: 'alb:CreateServerGroup',
    parameters: {
      ServerGroupName: 'required',
      ...optional(
        'ResourceGroupId',
        'ServerGroupType',
        'Protocol',
        'VpcId',
        'Ipv6Enabled',
        'ServiceName',
        ...SETTINGS,
        ...TAG_PARAMETERS,
      ),
    },
    handle(call) {
      const { parameters } = call
      // Groups of addresses and of functions are not simulated.
      oneOf(parameters, 'ServerGroupType', ['Instance'], 'Instance')
      if (truthOf(parameters, 'Ipv6Enabled', false)) throw refuse('IllegalParam', 'Ipv6Enabled')
      const vpc = state.compute.vpcs.find(parameters.VpcId, call.region)
      if (!vpc) throw refuse('ResourceNotFound', 'Vpc')
      if (!parameters['HealthCheckConfig.HealthCheckEnabled']) {
        throw refuse('MissingParam', 'HealthCheckConfig')
      }
      const group: ServerGroup = {
        ...parseSettings(call),
        id: `sgp-${randomTail(18)}`,
        region: call.region,
        createdAt: call.now,
        vpcId: vpc.id,
        protocol: oneOf(parameters, 'Protocol', ['HTTP', 'HTTPS', 'gRPC'], 'HTTP'),
        tags: tagsOfNew(call),
        servers: [],
        name: checkName(parameters, 'ServerGroupName'),
        status: 'Creating',
      }
      endDryRun(parameters)
      state.serverGroups.add(group)
      const finish = () => {
        group.status = 'Available'
        startChecks(state, group)
      }
      const about = { apiName: 'CreateServerGroup', operateType: 'Create' } as const
      return { ServerGroupId: group.id, ...changeGroup(state, group, about, finish) }
    },
  }
}

/** Lists server groups; an empty list where none is found. */
export function listServerGroups(state: AlbState): Action {
  return {
    permission: 'alb:ListServerGroups',
    parameters: optional(
      'ServerGroupIds.N',
      'ServerGroupNames.N',
      'ServerGroupType',
      'VpcId',
      'ShowRelationEnabled',
      'MaxResults',
      'NextToken',
    ),
    handle(call) {
      const ids = listOf(call.parameters, 'ServerGroupIds')
      const names = listOf(call.parameters, 'ServerGroupNames')
      const { VpcId } = call.parameters
      const found = state.serverGroups
        .in(call.region)
        .filter(({ id }) => ids.length === 0 || ids.includes(id))
        .filter(({ name }) => names.length === 0 || names.includes(name))
        .filter(({ vpcId }) => !VpcId || vpcId === VpcId)
      const { items, about } = pageOf(call.parameters, found)
      return {
        ...about,
        ServerGroups: items.map((group) => {
          const listeners = listenersOf(state, group.id)
          return describeServerGroup(group, {
            loadBalancerIds: [...new Set(listeners.map(({ loadBalancerId }) => loadBalancerId))],
            listenerIds: listeners.map(({ id }) => id),
          })
        }),
      }
    },
  }
}

/** Takes a server group away that nothing forwards to. */
export function deleteServerGroup(state: AlbState): Action {
  return {
    permission: 'alb:DeleteServerGroup',
    parameters: { ServerGroupId: 'required', ...optional('ClientToken', 'DryRun') },
    handle(call) {
      const group = requireServerGroup(state, call)
      if (listenersOf(state, group.id).length > 0) throw refuse('ResourceInUse', 'ServerGroup')
      if (group.status !== 'Available') throw refuse('IncorrectStatus', 'ServerGroup')
      endDryRun(call.parameters)
      group.status = 'Configuring'
      const about = { apiName: 'DeleteServerGroup', operateType: 'Delete' } as const
      return changeGroup(state, group, about, () => state.serverGroups.remove(group.id))
    },
  }
}

function changeGroup(
  state: AlbState,
  group: ServerGroup,
  about: { apiName: string; operateType: 'Create' | 'Update' | 'Delete' },
  finish: () => void,
): { JobId: string } {
  const { id: resourceId, region } = group
  const job = beginJob(
    state,
    { ...about, region, resourceId, resourceType: 'servergroup' },
    state.compute.pace.serverGroupMs,
    finish,
  )
  return { JobId: job.id }
}
