import type * as pulumi from '@pulumi/pulumi'
import type { FleetSize } from '../config/setting-types.ts'
import type { StackConfig } from '../config/stack-config.ts'
import { Fleet } from '../fleet/fleet.ts'
import { LoadBalancer } from '../fleet/load-balancer.ts'
import { createServiceLinkedRoles } from '../fleet/service-linked-roles.ts'
import { FleetNetwork } from '../network/fleet-network.ts'
import { Network } from '../network/network.ts'
import { chooseFleetMachines, chooseMachine } from '../placement/stock.ts'
import { registered } from '../pulumi/registered.ts'
import { checkQuotas } from '../quotas/check-quotas.ts'
import type { UploadActions } from '../ram/policy-document.ts'
import type { ReleaseManifest } from '../release/manifest.ts'
import { AppServer } from './app-server.ts'

/** What every server runs and may do, in a fleet or alone. */
export interface ServersArgs extends UploadActions {
  manifest: pulumi.Input<ReleaseManifest>
  /** Of the servers, without secrets. */
  environment: pulumi.Input<Record<string, string>>
  /** Bucket where the servers' role may put objects. @default none */
  uploadBucketName?: pulumi.Input<string>
}

/** Outputs of the servers. */
export interface Servers {
  /** Of the page, without a trailing slash; known once it answers. */
  url: pulumi.Output<string>
  /** Of a single server, as are the next two. */
  instanceId?: pulumi.Output<string>
  allocationId?: pulumi.Output<string>
  loginAddress?: pulumi.Output<string>
  /** Of a fleet. */
  scalingGroupId?: pulumi.Output<string>
}

/** Where the internet reaches the page. */
export interface PublicEndpoint {
  /** An IPv4 address or a DNS name, known before there is a server. */
  address: pulumi.Output<string>
  /** Creates the servers; their first start needs `dependsOn`. */
  createServers(args: ServersArgs, dependsOn: pulumi.Resource[]): Servers
}

/** Creates an address for a single server, or a load balancer when the settings ask for a fleet. */
export async function publicEndpoint(config: StackConfig): Promise<PublicEndpoint> {
  const { instances: size, domain } = config
  return size && domain !== undefined
    ? fleetEndpoint(config, { size, domain })
    : serverEndpoint(config)
}

async function serverEndpoint(config: StackConfig): Promise<PublicEndpoint> {
  const [{ zoneId, pinZone, ...machine }] = await Promise.all([
    chooseMachine(config),
    checkQuotas(config),
  ])
  const network = new Network('network', { ...config, zoneId, pinZone })
  await registered(network)
  const { address, vswitchId, securityGroupId, allocationId } = network
  const place = { vswitchId, securityGroupId, allocationId, address, ...machine }
  return {
    address,
    createServers(args, dependsOn) {
      const { url, instanceId, loginAddress } = new AppServer(
        'server',
        { ...config, ...place, ...args },
        { dependsOn: [network, ...dependsOn] },
      )
      return { url, instanceId, allocationId, loginAddress }
    },
  }
}

/** Most Mbit/s of an instance's own public address ("CreateScalingConfiguration", ESS documentation). */
const MAX_INSTANCE_BANDWIDTH = 100

async function fleetEndpoint(
  config: StackConfig,
  { size, domain }: { size: FleetSize; domain: string },
): Promise<PublicEndpoint> {
  const [{ zoneIds, ...machines }] = await Promise.all([
    chooseFleetMachines(config),
    checkQuotas(config),
  ])
  await createServiceLinkedRoles()
  const { tags } = config
  const network = new FleetNetwork('fleet-network', { zoneIds, tags })
  const { vpcId, zones, securityGroupId } = network
  const balancer = new LoadBalancer('load-balancer', { vpcId, zones, tags })
  const { address, loadBalancerId } = balancer
  const vswitchIds = zones.map(({ vswitchId }) => vswitchId)
  const place = { vpcId, vswitchIds, securityGroupId, address, loadBalancerId, ...machines }
  // Instances need the internet to download the public key of a callback's signature.
  const { bandwidth, ...settings } = config
  const internet = config.callback ? { bandwidth: Math.min(bandwidth, MAX_INSTANCE_BANDWIDTH) } : {}
  return {
    address,
    createServers(args, dependsOn) {
      const { url, scalingGroupId } = new Fleet(
        'fleet',
        { ...settings, ...internet, size, domain, ...place, ...args },
        { dependsOn: [network, ...dependsOn] },
      )
      return { url, scalingGroupId }
    },
  }
}
