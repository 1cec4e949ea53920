import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import type { ZoneSwitch } from '../network/fleet-network.ts'
import { NAME_LIMITS, stackName } from '../pulumi/resource-names.ts'
import { type TaggedArgs, tagsOf } from '../pulumi/tags.ts'

export interface LoadBalancerArgs extends TaggedArgs {
  vpcId: pulumi.Input<string>
  /** The load balancer has an address in both. */
  zones: readonly [ZoneSwitch, ZoneSwitch]
}

/**
 * A public application load balancer (ALB), paid by use. Releases come and go behind it; its address
 * stays.
 */
export class LoadBalancer extends pulumi.ComponentResource {
  readonly loadBalancerId: pulumi.Output<string>
  /** A DNS name; the IP addresses behind it change. */
  readonly address: pulumi.Output<string>

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super('oss-direct-upload:index:LoadBalancer', name, {}, opts)
    const balancer = new alicloud.alb.LoadBalancer(
      `${name}-alb`,
      {
        loadBalancerName: stackName(name, NAME_LIMITS.network),
        addressType: 'Internet',
        addressAllocatedMode: 'Dynamic',
        loadBalancerEdition: 'Standard',
        loadBalancerBillingConfig: { payType: 'PayAsYouGo' },
        vpcId: args.vpcId,
        zoneMappings: args.zones.map(({ zoneId, vswitchId }) => ({ zoneId, vswitchId })),
        ...tagsOf(args),
      },
      // The cloud reports more than was set, in another order. The zones of a network never change.
      { parent: this, ignoreChanges: ['zoneMappings'] },
    )
    this.loadBalancerId = balancer.id
    this.address = balancer.dnsName
    this.registerOutputs({ loadBalancerId: this.loadBalancerId, address: this.address })
  }
}
