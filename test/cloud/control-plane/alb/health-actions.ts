import type { Action } from '../action.ts'
import { optional } from '../optional-parameters.ts'
import { listOf } from '../parameter-values.ts'
import { type AlbState, groupsOf } from './alb-state.ts'
import { describeJob } from './job.ts'
import { requireListener } from './lookup.ts'
import { pageOf } from './paging.ts'
import type { Server, ServerGroup } from './server-group.ts'
import { truthOf } from './values.ts'

function describeHealth(group: ServerGroup, server: Server): object[] {
  const { status, reason, answer } = server.health
  const about = { Port: server.port, ServerId: server.instanceId, ServerIp: server.serverIp }
  if (!group.healthCheck.enabled) return [{ ...about, Status: 'Unavailable' }]
  if (server.weight === 0) return [{ ...about, Status: 'Unused' }]
  if (status === 'Healthy') return []
  if (status === 'Initial') return [{ ...about, Status: 'Initial' }]
  const expected = group.healthCheck.codes.join(',')
  return [
    {
      ...about,
      Status: 'Unhealthy',
      Reason: { ReasonCode: reason, ActualResponse: answer, ExpectedResponse: expected },
    },
  ]
}

/** Says which servers behind a listener are not healthy, and why. */
export function getListenerHealthStatus(state: AlbState): Action {
  return {
    permission: 'alb:GetListenerHealthStatus',
    parameters: {
      ListenerId: 'required',
      ...optional('IncludeRule', 'MaxResults', 'NextToken'),
    },
    handle(call) {
      const listener = requireListener(state, call)
      truthOf(call.parameters, 'IncludeRule', false)
      return {
        ListenerHealthStatus: [
          {
            ListenerId: listener.id,
            ListenerPort: listener.port,
            ListenerProtocol: listener.protocol,
            ServerGroupInfos: groupsOf(state, listener).map((group) => ({
              ServerGroupId: group.id,
              ActionType: 'ForwardGroup',
              HealthCheckEnabled: group.healthCheck.enabled ? 'on' : 'off',
              NonNormalServers: group.servers
                .filter(({ status }) => status !== 'Removing')
                .flatMap((server) => describeHealth(group, server)),
            })),
          },
        ],
        RuleHealthStatus: [],
        NextToken: '',
      }
    },
  }
}

/** Lists what is being done or was done. */
export function listAsynJobs(state: AlbState): Action {
  return {
    permission: 'alb:ListAsynJobs',
    parameters: optional(
      'JobIds.N',
      'ResourceIds.N',
      'ResourceType',
      'ApiName',
      'MaxResults',
      'NextToken',
    ),
    handle(call) {
      const ids = listOf(call.parameters, 'JobIds')
      const resources = listOf(call.parameters, 'ResourceIds')
      const { ResourceType, ApiName } = call.parameters
      const found = state.jobs
        .in(call.region)
        .filter(({ id }) => ids.length === 0 || ids.includes(id))
        .filter(({ resourceId }) => resources.length === 0 || resources.includes(resourceId))
        .filter(({ resourceType }) => !ResourceType || resourceType === ResourceType)
        .filter(({ apiName }) => !ApiName || apiName === ApiName)
      const { items, about } = pageOf(call.parameters, found)
      return { ...about, Jobs: items.map(describeJob) }
    },
  }
}

/** Lists the zones that a load balancer may be in. */
export function describeAlbZones({ compute }: AlbState): Action {
  return {
    permission: 'alb:DescribeZones',
    parameters: optional('AcceptLanguage'),
    handle: (call) => ({
      Zones: compute.catalogue.zones(call.region).map((id) => ({ ZoneId: id, LocalName: id })),
    }),
  }
}
