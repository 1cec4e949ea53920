import type { ActionCall, Actions } from '../action.ts'
import { listAction } from '../list-action.ts'
import { recordsOf } from '../parameter-values.ts'
import type { AlbState } from './alb-state.ts'
import { startJob } from './job.ts'
import { requireServerGroup } from './lookup.ts'
import { addServer, findServer, removeServer } from './membership.ts'
import { refuse } from './refusals.ts'
import { describeServer, type ServerGroup } from './server-group.ts'
import { numberBetween, pages } from './values.ts'

const MOST_AT_ONCE = 200

/** Parameters that name servers of a group. */
const NAMED_SERVERS = [
  'ServerGroupId',
  'Servers.N.ServerId',
  'ClientToken?',
  'Servers.N.ServerType?',
  'Servers.N.ServerIp?',
  'Servers.N.Port?',
]

function namedServers(call: ActionCall): Record<string, string>[] {
  const records = recordsOf(call.parameters, 'Servers')
  if (records.length === 0) throw refuse('MissingParam', 'Servers')
  if (records.length > MOST_AT_ONCE) throw refuse('IllegalParamSize', 'Servers')
  for (const { ServerType = 'Ecs' } of records) {
    // Network interfaces, addresses and functions behind a load balancer are not simulated.
    if (ServerType !== 'Ecs') throw refuse('IllegalParam', 'ServerType')
  }
  return records
}

/** Returns the actions on the servers of groups. */
export function serverActions(state: AlbState): Actions {
  const startServerJob = (apiName: string, group: ServerGroup) =>
    startJob(
      state,
      apiName,
      { resourceId: group.id, resourceType: 'servergroup' },
      state.compute.durations.serverMs,
    )
  return {
    ListServerGroupServers: listAction({
      parameters: ['ServerGroupId'],
      all: (call) => {
        const group = requireServerGroup(state, call)
        return group.servers.map((server) => ({ group, server }))
      },
      filters: {
        'ServerIds.N': ({ server }) => server.instanceId,
        ServerId: ({ server }) => server.instanceId,
        ServerIp: ({ server }) => server.serverIp,
      },
      paging: pages,
      answer: (items) => ({
        Servers: items.map(({ group, server }) => describeServer(group, server)),
      }),
    }),
    AddServersToServerGroup: {
      parameters: [
        ...NAMED_SERVERS,
        'Servers.N.Weight?',
        'Servers.N.Description?',
        'Servers.N.RemoteIpEnabled?',
      ],
      handle(call) {
        const group = requireServerGroup(state, call)
        if (group.status !== 'Available') throw refuse('IncorrectStatus', 'ServerGroup')
        const wanted = namedServers(call).map((record) => ({
          instanceId: record.ServerId ?? '',
          port: numberBetween(record, 'Port', [1, 65_535], 80),
          weight: numberBetween(record, 'Weight', [0, 100], 100),
          description: record.Description ?? '',
        }))
        for (const server of wanted) addServer(state, group, server)
        return startServerJob('AddServersToServerGroup', group)
      },
    },
    RemoveServersFromServerGroup: {
      parameters: NAMED_SERVERS,
      handle(call) {
        const group = requireServerGroup(state, call)
        const servers = namedServers(call).map((record) => {
          const port = numberBetween(record, 'Port', [1, 65_535], 80)
          const server = findServer(group, record.ServerId ?? '', port)
          if (!server) throw refuse('ResourceNotFound', 'BackendServer')
          return server
        })
        for (const server of servers) void removeServer(state, group, server)
        return startServerJob('RemoveServersFromServerGroup', group)
      },
    },
  }
}
