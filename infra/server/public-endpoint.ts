import * as pulumi from '@pulumi/pulumi'
import { pageAddress } from '../config/page-origins.ts'
import type { FleetSize } from '../config/schema.ts'
import type { StackConfig } from '../config/stack-config.ts'
import { Fleet } from '../fleet/fleet.ts'
import { LoadBalancer } from '../fleet/load-balancer.ts'
import { FleetNetwork } from '../network/fleet-network.ts'
import { Network } from '../network/network.ts'
import { chooseFleetMachines, chooseMachine } from '../placement/stock.ts'
import { registered } from '../pulumi/registered.ts'
import type { ReleaseManifest } from '../release/manifest.ts'
import { AppServer } from './app-server.ts'

/** What servers are told and may do, whether there is one or many. */
export interface ServersArgs {
  manifest: pulumi.Input<ReleaseManifest>
  /** Of the servers, without secrets. */
  environment: pulumi.Input<Record<string, string>>
  /** Bucket that the servers' role may put objects into. @default none */
  uploadBucketName?: pulumi.Input<string>
  uploadsInParts?: boolean
}

/** Where the page and its servers are. */
export interface Servers {
  /** Of the page, without a slash at its end: known once it answers. */
  url: pulumi.Output<string>
  /** Of a single server, as are the next two. */
  instanceId?: pulumi.Output<string>
  allocationId?: pulumi.Output<string>
  loginAddress?: pulumi.Output<string>
  /** Of a fleet. */
  scalingGroupId?: pulumi.Output<string>
}

/** Where the internet finds the page. */
export interface PublicEndpoint {
  /** An IPv4 address or a DNS name: known before there is any server. */
  address: pulumi.Output<string>
  /** Makes the servers behind it; `dependsOn` has to be there when they start. */
  serve(release: ServersArgs, dependsOn: pulumi.Resource[]): Servers
}

/** An address that leads to a single server, or a load balancer if there are to be several. */
export async function publicEndpoint(config: StackConfig): Promise<PublicEndpoint> {
  const { instances } = config
  return instances ? fleetEntrance(config, instances) : singleEntrance(config)
}

async function singleEntrance(config: StackConfig): Promise<PublicEndpoint> {
  const { zoneId, pinZone, ...machine } = await chooseMachine(config)
  const network = new Network('network', { ...config, zoneId, pinZone })
  await registered(network)
  const { address, vswitchId, securityGroupId, allocationId } = network
  const place = { vswitchId, securityGroupId, allocationId, address, ...machine }
  return {
    address,
    serve(release, dependsOn) {
      const { url, instanceId, loginAddress } = new AppServer(
        'server',
        { ...config, ...place, ...release },
        { dependsOn: [network, ...dependsOn] },
      )
      return { url, instanceId, allocationId, loginAddress }
    },
  }
}

async function fleetEntrance(config: StackConfig, size: FleetSize): Promise<PublicEndpoint> {
  const { zoneIds, ...machines } = await chooseFleetMachines(config)
  const { tags } = config
  const network = new FleetNetwork('fleet-network', { zoneIds, tags })
  const { vpcId, zones, securityGroupId } = network
  const balancer = new LoadBalancer('load-balancer', { vpcId, zones, tags })
  const { address, loadBalancerId } = balancer
  const vswitchIds = zones.map(({ vswitchId }) => vswitchId)
  const place = { vpcId, vswitchIds, securityGroupId, address, loadBalancerId, ...machines }
  // What a callback is signed with has to be fetched from the internet.
  const { bandwidth: wished, ...settings } = config
  const outward = config.callback ? { bandwidth: Math.min(wished, 100) } : {}
  return {
    address,
    serve(release, dependsOn) {
      const { url, scalingGroupId } = new Fleet(
        'fleet',
        { ...settings, ...outward, size, ...place, ...release },
        { dependsOn: [network, ...dependsOn] },
      )
      const page = pulumi.all([address, url]).apply(([name]) => pageAddress(config, name))
      return { url: page, scalingGroupId }
    },
  }
}
