import type { Action, ActionCall } from '../action.ts'
import { optional } from '../optional-parameters.ts'
import { listOf, recordsOf } from '../parameter-values.ts'
import type { AlbState } from './alb-state.ts'
import { beginJob } from './job.ts'
import { requireServerGroup } from './lookup.ts'
import { addServer, findServer, removeServer } from './membership.ts'
import { pageOf } from './paging.ts'
import { refuse } from './refusals.ts'
import { describeServer, type Server, type ServerGroup } from './server-group.ts'
import { endDryRun, numberBetween } from './values.ts'

const MOST_AT_ONCE = 200

/** How a call names servers of a group. */
const NAMED_SERVERS = {
  ServerGroupId: 'required',
  'Servers.N.ServerId': 'required',
  ...optional(
    'ClientToken',
    'DryRun',
    'Servers.N.ServerType',
    'Servers.N.ServerIp',
    'Servers.N.Port',
  ),
} as const

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

function existingServers(group: ServerGroup, call: ActionCall): [Server, Record<string, string>][] {
  return namedServers(call).map((record) => {
    const port = numberBetween(record, 'Port', [1, 65_535], 80)
    const server = findServer(group, record.ServerId ?? '', port)
    if (!server) throw refuse('ResourceNotFound', 'BackendServer')
    return [server, record]
  })
}

function changed(state: AlbState, group: ServerGroup, apiName: string): { JobId: string } {
  const { id: resourceId, region } = group
  const about = { apiName, operateType: 'Update', resourceType: 'servergroup' } as const
  const job = beginJob(
    state,
    { ...about, region, resourceId },
    state.compute.pace.serverMs,
    () => {},
  )
  return { JobId: job.id }
}

/** Lists the servers of a group. */
export function listServerGroupServers(state: AlbState): Action {
  return {
    permission: 'alb:ListServerGroupServers',
    parameters: {
      ServerGroupId: 'required',
      ...optional('ServerIds.N', 'ServerId', 'ServerIp', 'MaxResults', 'NextToken'),
    },
    handle(call) {
      const group = requireServerGroup(state, call)
      const { ServerId, ServerIp } = call.parameters
      const ids = [...listOf(call.parameters, 'ServerIds'), ...(ServerId ? [ServerId] : [])]
      const found = group.servers
        .filter(({ instanceId }) => ids.length === 0 || ids.includes(instanceId))
        .filter(({ serverIp }) => !ServerIp || serverIp === ServerIp)
      const { items, about } = pageOf(call.parameters, found)
      return { ...about, Servers: items.map((server) => describeServer(group, server)) }
    },
  }
}

/** Puts instances into a group. */
export function addServersToServerGroup(state: AlbState): Action {
  return {
    permission: 'alb:AddServersToServerGroup',
    parameters: {
      ...NAMED_SERVERS,
      ...optional('Servers.N.Weight', 'Servers.N.Description', 'Servers.N.RemoteIpEnabled'),
    },
    handle(call) {
      const group = requireServerGroup(state, call)
      if (group.status !== 'Available') throw refuse('IncorrectStatus', 'ServerGroup')
      const wanted = namedServers(call).map((record) => ({
        instanceId: record.ServerId ?? '',
        port: numberBetween(record, 'Port', [1, 65_535], 80),
        weight: numberBetween(record, 'Weight', [0, 100], 100),
        description: record.Description ?? '',
      }))
      endDryRun(call.parameters)
      for (const server of wanted) addServer(state, group, server)
      return changed(state, group, 'AddServersToServerGroup')
    },
  }
}

/** Takes instances out of a group. */
export function removeServersFromServerGroup(state: AlbState): Action {
  return {
    permission: 'alb:RemoveServersFromServerGroup',
    parameters: NAMED_SERVERS,
    handle(call) {
      const group = requireServerGroup(state, call)
      const servers = existingServers(group, call)
      endDryRun(call.parameters)
      for (const [server] of servers) void removeServer(state, group, server)
      return changed(state, group, 'RemoveServersFromServerGroup')
    },
  }
}
