import * as alicloud from '@pulumi/alicloud'
import type * as pulumi from '@pulumi/pulumi'
import { type TaggedArgs, tagsOf } from '../pulumi/tags.ts'

export interface PrivateNetworkArgs extends TaggedArgs {
  /** Name of the VPC and of the security group in the cloud. */
  physicalName: pulumi.Input<string>
}

/** Creates a VPC of 192.168.0.0/16 and a security group without open ports, as parts of `parent`. */
export function privateNetwork(
  name: string,
  args: PrivateNetworkArgs,
  parent: { parent: pulumi.Resource },
): { vpc: alicloud.vpc.Network; group: alicloud.ecs.SecurityGroup } {
  const tags = tagsOf(args)
  const vpc = new alicloud.vpc.Network(
    `${name}-vpc`,
    { vpcName: args.physicalName, cidrBlock: '192.168.0.0/16', ...tags },
    parent,
  )
  const group = new alicloud.ecs.SecurityGroup(
    `${name}-security-group`,
    { securityGroupName: args.physicalName, vpcId: vpc.id, ...tags },
    parent,
  )
  return { vpc, group }
}

/** Opens one TCP port of the group's servers to an IPv4 range. */
export function openPort(
  name: string,
  group: alicloud.ecs.SecurityGroup,
  { port, cidr }: { port: number; cidr: pulumi.Input<string> },
  parent: { parent: pulumi.Resource },
): void {
  new alicloud.ecs.SecurityGroupRule(
    name,
    {
      securityGroupId: group.id,
      type: 'ingress',
      ipProtocol: 'tcp',
      portRange: `${port}/${port}`,
      cidrIp: cidr,
      policy: 'accept',
      priority: 1,
      // The only value in a VPC; unset, the rule's id would contain "<nil>".
      nicType: 'intranet',
    },
    parent,
  )
}
