import type { ActionParameters, Actions } from '../action.ts'
import { listAction } from '../list-action.ts'
import { randomTail } from '../resource-id.ts'
import { type AlbState, listenersOf } from './alb-state.ts'
import { HEALTH_CHECK_PARAMETERS, parseHealthCheck } from './health-check.ts'
import { startChecks } from './health-checking.ts'
import { startJob } from './job.ts'
import { requireServerGroup } from './lookup.ts'
import { refuse } from './refusals.ts'
import { describeServerGroup, type ServerGroup } from './server-group.ts'
import { TAG_PARAMETERS, tagsOfNew } from './tags-of-new.ts'
import { checkName, flag, numberBetween, oneOf, pages } from './values.ts'

const SETTINGS = [
  'ClientToken?',
  'Scheduler?',
  'CrossZoneEnabled?',
  'UpstreamKeepaliveEnabled?',
  'ConnectionDrainConfig.ConnectionDrainEnabled?',
  'ConnectionDrainConfig.ConnectionDrainTimeout?',
  'SlowStartConfig.SlowStartEnabled?',
  'SlowStartConfig.SlowStartDuration?',
  'StickySessionConfig.StickySessionEnabled?',
  'StickySessionConfig.StickySessionType?',
  'StickySessionConfig.Cookie?',
  'StickySessionConfig.CookieTimeout?',
  'UchConfig.Type?',
  'UchConfig.Value?',
  ...HEALTH_CHECK_PARAMETERS,
]

type Settings = Pick<
  ServerGroup,
  'scheduler' | 'healthCheck' | 'drain' | 'slowStart' | 'sticky' | 'crossZone' | 'upstreamKeepalive'
>

/** Bounds and defaults: "CreateServerGroup", ALB API reference. */
function parseSettings(parameters: ActionParameters): Settings {
  const on = (name: string, otherwise: boolean) => flag(parameters, name, otherwise)
  const number = (name: string, bounds: readonly [number, number], otherwise: number) =>
    numberBetween(parameters, name, bounds, otherwise)
  return {
    scheduler: oneOf(parameters, 'Scheduler', ['Wrr', 'Wlc', 'Sch'], 'Wrr'),
    healthCheck: parseHealthCheck(parameters),
    drain: {
      enabled: on('ConnectionDrainConfig.ConnectionDrainEnabled', false),
      timeoutSeconds: number('ConnectionDrainConfig.ConnectionDrainTimeout', [0, 900], 300),
    },
    slowStart: {
      enabled: on('SlowStartConfig.SlowStartEnabled', false),
      durationSeconds: number('SlowStartConfig.SlowStartDuration', [30, 900], 30),
    },
    sticky: {
      enabled: on('StickySessionConfig.StickySessionEnabled', false),
      type: oneOf(
        parameters,
        'StickySessionConfig.StickySessionType',
        ['Insert', 'Server'],
        'Insert',
      ),
      cookie: parameters['StickySessionConfig.Cookie'] ?? '',
      timeoutSeconds: number('StickySessionConfig.CookieTimeout', [1, 86_400], 1000),
    },
    crossZone: on('CrossZoneEnabled', true),
    upstreamKeepalive: on('UpstreamKeepaliveEnabled', false),
  }
}

/** Returns the actions on server groups. */
export function serverGroupActions(state: AlbState): Actions {
  const startGroupJob = (apiName: string, group: ServerGroup, finish: () => void) =>
    startJob(
      state,
      apiName,
      { resourceId: group.id, resourceType: 'servergroup' },
      state.compute.durations.serverGroupMs,
      finish,
    )
  return {
    /** The server group is Creating, then Available. */
    CreateServerGroup: {
      parameters: [
        'ServerGroupName',
        'ResourceGroupId?',
        'ServerGroupType?',
        'Protocol?',
        'VpcId?',
        'Ipv6Enabled?',
        'ServiceName?',
        ...SETTINGS,
        ...TAG_PARAMETERS,
      ],
      handle(call) {
        const { parameters } = call
        // Groups of addresses and of functions are not simulated.
        oneOf(parameters, 'ServerGroupType', ['Instance'], 'Instance')
        if (flag(parameters, 'Ipv6Enabled', false)) throw refuse('IllegalParam', 'Ipv6Enabled')
        const vpcRefusal = refuse('ResourceNotFound', 'Vpc')
        const vpc = state.compute.vpcs.require(parameters.VpcId, vpcRefusal)
        if (!parameters['HealthCheckConfig.HealthCheckEnabled']) {
          throw refuse('MissingParam', 'HealthCheckConfig')
        }
        const group: ServerGroup = {
          ...parseSettings(parameters),
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
        state.serverGroups.add(group)
        const job = startGroupJob('CreateServerGroup', group, () => {
          group.status = 'Available'
          startChecks(state, group)
        })
        return { ServerGroupId: group.id, ...job }
      },
    },
    ListServerGroups: listAction({
      parameters: ['ServerGroupType?', 'ShowRelationEnabled?'],
      all: () => state.serverGroups.all(),
      filters: {
        'ServerGroupIds.N': ({ id }) => id,
        'ServerGroupNames.N': ({ name }) => name,
        VpcId: ({ vpcId }) => vpcId,
      },
      paging: pages,
      answer: (groups) => ({
        ServerGroups: groups.map((group) => {
          const listeners = listenersOf(state, group.id)
          return describeServerGroup(group, {
            loadBalancerIds: [...new Set(listeners.map(({ loadBalancerId }) => loadBalancerId))],
            listenerIds: listeners.map(({ id }) => id),
          })
        }),
      }),
    }),
    /** Deletes a server group that no listener forwards to. */
    DeleteServerGroup: {
      parameters: ['ServerGroupId', 'ClientToken?'],
      handle(call) {
        const group = requireServerGroup(state, call)
        if (listenersOf(state, group.id).length > 0) throw refuse('ResourceInUse', 'ServerGroup')
        if (group.status !== 'Available') throw refuse('IncorrectStatus', 'ServerGroup')
        group.status = 'Configuring'
        return startGroupJob('DeleteServerGroup', group, () => {
          state.serverGroups.remove(group.id)
        })
      },
    },
  }
}
