import type { ResourceTags } from '../resource-tags.ts'
import { vpcTags } from '../resource-tags.ts'
import { secondText } from '../time-text.ts'
import { DEFAULT_RESOURCE_GROUP } from '../vpc/vpc.ts'
import { describeHealthCheck, type HealthCheck } from './health-check.ts'

/** The results of a server's health checks. */
export interface ServerHealth {
  /** `Initial` before the first result. */
  status: 'Initial' | 'Healthy' | 'Unhealthy'
  /** Consecutive checks with the same result. */
  passed: number
  failed: number
  /** Why the last one failed, e.g. `CONNECT_TIMEOUT`. */
  reason: string
  /** The answer to it, e.g. `HTTP 500`. */
  answer: string
}

/** An instance in a server group. */
export interface Server {
  readonly instanceId: string
  readonly serverIp: string
  readonly port: number
  description: string
  /** From 0 to 100; requests go to those above 0. */
  weight: number
  status: 'Adding' | 'Available' | 'Removing'
  readonly health: ServerHealth
  /** Aborted when the draining timeout has passed. */
  readonly cut: AbortController
  pendingRequests: number
}

/** What a listener forwards to. */
export interface ServerGroup {
  readonly id: string
  readonly region: string
  readonly createdAt: number
  readonly vpcId: string
  readonly protocol: 'HTTP' | 'HTTPS' | 'gRPC'
  readonly tags: ResourceTags
  readonly servers: Server[]
  name: string
  scheduler: string
  status: 'Creating' | 'Available' | 'Configuring'
  healthCheck: HealthCheck
  drain: { enabled: boolean; timeoutSeconds: number }
  slowStart: { enabled: boolean; durationSeconds: number }
  sticky: { enabled: boolean; type: string; cookie: string; timeoutSeconds: number }
  crossZone: boolean
  upstreamKeepalive: boolean
}

/** Returns a server that is being added. */
export function newServer(
  wanted: Pick<Server, 'instanceId' | 'serverIp' | 'port' | 'description' | 'weight'>,
): Server {
  return {
    ...wanted,
    status: 'Adding',
    health: { status: 'Initial', passed: 0, failed: 0, reason: '', answer: '' },
    cut: new AbortController(),
    pendingRequests: 0,
  }
}

/** Returns an item of ListServerGroups. */
export function describeServerGroup(
  group: ServerGroup,
  related: { loadBalancerIds: readonly string[]; listenerIds: readonly string[] },
): object {
  const { sticky, slowStart } = group
  return {
    ServerGroupId: group.id,
    ServerGroupName: group.name,
    ServerGroupStatus: group.status,
    ServerGroupType: 'Instance',
    Protocol: group.protocol,
    Scheduler: group.scheduler,
    VpcId: group.vpcId,
    ResourceGroupId: DEFAULT_RESOURCE_GROUP,
    CreateTime: secondText(group.createdAt),
    ServerCount: group.servers.length,
    ServiceName: '',
    CrossZoneEnabled: group.crossZone,
    UpstreamKeepaliveEnabled: group.upstreamKeepalive,
    Ipv6Enabled: false,
    ConfigManagedEnabled: false,
    ServiceManagedEnabled: false,
    ServiceManagedMode: '',
    RelatedLoadBalancerIds: related.loadBalancerIds,
    RelatedListenerIds: related.listenerIds,
    RelatedRuleIds: [],
    HealthCheckConfig: describeHealthCheck(group.healthCheck),
    StickySessionConfig: sticky.enabled
      ? {
          StickySessionEnabled: true,
          StickySessionType: sticky.type,
          Cookie: sticky.cookie,
          CookieTimeout: sticky.timeoutSeconds,
        }
      : { StickySessionEnabled: false },
    ConnectionDrainConfig: {
      ConnectionDrainEnabled: group.drain.enabled,
      ConnectionDrainTimeout: group.drain.timeoutSeconds,
    },
    SlowStartConfig: {
      SlowStartEnabled: slowStart.enabled,
      SlowStartDuration: slowStart.durationSeconds,
    },
    Tags: vpcTags(group.tags).Tag,
  }
}

/** Returns an item of ListServerGroupServers. */
export function describeServer(group: ServerGroup, server: Server): object {
  return {
    ServerGroupId: group.id,
    ServerId: server.instanceId,
    ServerIp: server.serverIp,
    ServerType: 'Ecs',
    Port: server.port,
    Weight: server.weight,
    Description: server.description,
    RemoteIpEnabled: false,
    Status: server.status,
  }
}
