import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import { NAME_LIMITS, stackName } from '../pulumi/resource-names.ts'
import { type TaggedArgs, tagsOf } from '../pulumi/tags.ts'
import { openPort, privateNetwork } from './private-network.ts'

export interface NetworkArgs extends TaggedArgs {
  /** Zone of the vSwitch, e.g. `ap-southeast-1a`. */
  zoneId: pulumi.Input<string>
  /**
   * Whether an existing vSwitch stays in its zone when `zoneId` changes, because the zone was chosen
   * from those that had the server in stock. @default false, a vSwitch in the new zone replaces it
   */
  pinZone?: boolean
  /** IPv4 ranges that reach port 80. Not an Input, because each becomes a rule. */
  allowedCidrs: readonly string[]
  /** Whether they also reach port 443. @default false */
  https?: boolean
  /** IPv4 ranges that reach port 22. @default none */
  sshCidrs?: readonly string[]
  /** Mbit/s from the address to the internet. */
  bandwidth: pulumi.Input<number>
}

/**
 * A VPC with one vSwitch, a security group that allows the given ranges and nothing else, and a public
 * address (EIP, paid by traffic) that stays when the server is replaced.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>
  readonly vswitchId: pulumi.Output<string>
  readonly securityGroupId: pulumi.Output<string>
  /** Of the EIP. */
  readonly allocationId: pulumi.Output<string>
  /** The EIP: an IPv4 address. */
  readonly address: pulumi.Output<string>

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super('oss-direct-upload:index:Network', name, {}, opts)
    const parent = { parent: this }
    const physicalName = stackName(name, NAME_LIMITS.network)
    const tags = tagsOf(args)

    const { vpc, group } = privateNetwork(name, { physicalName, tags: args.tags }, parent)
    const vswitch = new alicloud.vpc.Switch(
      `${name}-vswitch`,
      {
        vswitchName: physicalName,
        vpcId: vpc.id,
        zoneId: args.zoneId,
        cidrBlock: pulumi.output(args.zoneId).apply(zoneCidr),
        ...tags,
      },
      { ...parent, ignoreChanges: args.pinZone ? ['zoneId', 'cidrBlock'] : [] },
    )
    const open = (service: string, port: number, cidr: string) =>
      openPort(`${name}-${service}-${cidr.replace('/', '-')}`, group, { port, cidr }, parent)
    for (const cidr of args.allowedCidrs) {
      open('http', 80, cidr)
      if (args.https) open('https', 443, cidr)
    }
    for (const cidr of args.sshCidrs ?? []) open('ssh', 22, cidr)
    const eip = new alicloud.ecs.EipAddress(
      `${name}-eip`,
      {
        addressName: physicalName,
        internetChargeType: 'PayByTraffic',
        paymentType: 'PayAsYouGo',
        bandwidth: pulumi.output(args.bandwidth).apply(String),
        ...tags,
      },
      parent,
    )

    this.vpcId = vpc.id
    this.vswitchId = vswitch.id
    this.securityGroupId = group.id
    this.allocationId = eip.id
    this.address = eip.ipAddress
    this.registerOutputs({
      vpcId: this.vpcId,
      vswitchId: this.vswitchId,
      securityGroupId: this.securityGroupId,
      allocationId: this.allocationId,
      address: this.address,
    })
  }
}

/**
 * Returns a range of the VPC for each zone, after the last letter of its name, so that a vSwitch in
 * another zone can be created before the old one is deleted.
 */
export function zoneCidr(zoneId: string): string {
  const letter = zoneId.charCodeAt(zoneId.length - 1) - 'a'.charCodeAt(0)
  return `192.168.${letter >= 0 && letter < 26 ? letter : 26}.0/24`
}
