import type { Actions } from '../action.ts'
import { type AlbState, groupsOf } from './alb-state.ts'
import { requireListener } from './lookup.ts'
import type { Server, ServerGroup } from './server-group.ts'
import { flag } from './values.ts'

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

/** Returns the actions that show the health of servers, and where load balancers may be. */
export function healthActions(state: AlbState): Actions {
  const { compute } = state
  return {
    /** Lists the servers behind a listener that are not healthy, with the reason. */
    GetListenerHealthStatus: {
      parameters: ['ListenerId', 'IncludeRule?', 'MaxResults?', 'NextToken?'],
      handle(call) {
        const listener = requireListener(state, call)
        flag(call.parameters, 'IncludeRule')
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
    },
    /** Lists the zones that a load balancer may be in. */
    DescribeZones: {
      parameters: ['AcceptLanguage?'],
      handle: () => ({
        Zones: compute.catalogue.zones(compute.region).map((id) => ({ ZoneId: id, LocalName: id })),
      }),
    },
  }
}
