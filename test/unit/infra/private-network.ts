import type { Registration } from './registrations.ts'

/** What a test's networks are tagged with. */
export const tags = { team: 'web' }

/** Returns a vSwitch of the network `net`, in a zone that it keeps. */
export function vswitch(name: string, zoneId: string, cidrBlock: string): Registration {
  return {
    type: 'alicloud:vpc/switch:Switch',
    name,
    parent: 'net',
    inputs: { vswitchName: 'shop-dev-net', vpcId: 'net-vpc-id', zoneId, cidrBlock, tags },
    options: { ignoreChanges: ['zoneId', 'cidrBlock'], dependsOn: ['net-vpc'] },
  }
}

/** Returns a rule that opens a port of the network `net`. @param dependsOn Beside the security group */
export function openPort(
  name: string,
  portRange: string,
  cidrIp: string,
  dependsOn: string[] = [],
): Registration {
  return {
    type: 'alicloud:ecs/securityGroupRule:SecurityGroupRule',
    name,
    parent: 'net',
    inputs: {
      securityGroupId: 'net-security-group-id',
      type: 'ingress',
      ipProtocol: 'tcp',
      portRange,
      cidrIp,
      policy: 'accept',
      priority: 1,
      nicType: 'intranet',
    },
    options: { dependsOn: ['net-security-group', ...dependsOn] },
  }
}

/** The security group and the VPC of the network `net`. */
export const groupAndVpc: Registration[] = [
  {
    type: 'alicloud:ecs/securityGroup:SecurityGroup',
    name: 'net-security-group',
    parent: 'net',
    inputs: { securityGroupName: 'shop-dev-net', vpcId: 'net-vpc-id', tags },
    options: { dependsOn: ['net-vpc'] },
  },
  {
    type: 'alicloud:vpc/network:Network',
    name: 'net-vpc',
    parent: 'net',
    inputs: { vpcName: 'shop-dev-net', cidrBlock: '192.168.0.0/16', tags },
    options: {},
  },
]
