import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import type { ZonePair } from '../placement/fleet-placement.ts'
import { NAME_LIMITS, stackName } from '../pulumi/resource-names.ts'
import { type TaggedArgs, tagsOf } from '../pulumi/tags.ts'
import { zoneCidr } from './network.ts'
import { openPort, privateNetwork } from './private-network.ts'

export interface FleetNetworkArgs extends TaggedArgs {
  /** An existing network stays in its zones, whatever this says. */
  zoneIds: ZonePair
}

/** A vSwitch and its zone. */
export interface ZoneSwitch {
  zoneId: pulumi.Output<string>
  vswitchId: pulumi.Output<string>
}

/**
 * A VPC over two zones for servers behind a load balancer. Only addresses of its two vSwitches, which
 * the load balancer's belong to, reach port 80 of the servers; nothing else is open.
 */
export class FleetNetwork extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>
  readonly zones: readonly [ZoneSwitch, ZoneSwitch]
  /** Of the servers. */
  readonly securityGroupId: pulumi.Output<string>

  constructor(name: string, args: FleetNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super('oss-direct-upload:index:FleetNetwork', name, {}, opts)
    const parent = { parent: this }
    const physicalName = stackName(name, NAME_LIMITS.network)
    const tags = tagsOf(args)

    const { vpc, group } = privateNetwork(name, { physicalName, tags: args.tags }, parent)
    const zone = (place: string, zoneId: string): ZoneSwitch => {
      const vswitch = new alicloud.vpc.Switch(
        `${name}-vswitch-${place}`,
        {
          vswitchName: physicalName,
          vpcId: vpc.id,
          zoneId,
          cidrBlock: zoneCidr(zoneId),
          ...tags,
        },
        { ...parent, ignoreChanges: ['zoneId', 'cidrBlock'] },
      )
      openPort(`${name}-http-${place}`, group, { port: 80, cidr: vswitch.cidrBlock }, parent)
      return { zoneId: vswitch.zoneId, vswitchId: vswitch.id }
    }

    this.zones = [zone('first', args.zoneIds[0]), zone('second', args.zoneIds[1])]
    this.vpcId = vpc.id
    this.securityGroupId = group.id
    this.registerOutputs({ vpcId: this.vpcId, securityGroupId: this.securityGroupId })
  }
}
