import { expect, test } from 'vitest'
import { FleetNetwork } from '../../../infra/network/fleet-network.ts'
import { recordRegistrations, resolved, settled } from './registrations.ts'

test("a fleet's network lets its load balancer in, from two zones, and nobody else", async () => {
  const recorded = await recordRegistrations()
  const network = new FleetNetwork('net', {
    zoneIds: ['ap-southeast-1a', 'ap-southeast-1c'],
    tags: { team: 'web' },
  })
  await settled()

  const tags = { team: 'web' }
  const rule = {
    securityGroupId: 'net-security-group-id',
    type: 'ingress',
    ipProtocol: 'tcp',
    portRange: '80/80',
    policy: 'accept',
    priority: 1,
    nicType: 'intranet',
  }
  const vswitch = { vswitchName: 'shop-dev-net', vpcId: 'net-vpc-id', tags }
  expect(recorded).toEqual([
    { type: 'oss-direct-upload:index:FleetNetwork', name: 'net', inputs: {}, options: {} },
    {
      type: 'alicloud:ecs/securityGroupRule:SecurityGroupRule',
      name: 'net-http-first',
      parent: 'net',
      inputs: { ...rule, cidrIp: '192.168.0.0/24' },
      options: { dependsOn: ['net-security-group', 'net-vswitch-first'] },
    },
    {
      type: 'alicloud:ecs/securityGroupRule:SecurityGroupRule',
      name: 'net-http-second',
      parent: 'net',
      inputs: { ...rule, cidrIp: '192.168.2.0/24' },
      options: { dependsOn: ['net-security-group', 'net-vswitch-second'] },
    },
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
    {
      type: 'alicloud:vpc/switch:Switch',
      name: 'net-vswitch-first',
      parent: 'net',
      inputs: { ...vswitch, zoneId: 'ap-southeast-1a', cidrBlock: '192.168.0.0/24' },
      options: { ignoreChanges: ['zoneId', 'cidrBlock'], dependsOn: ['net-vpc'] },
    },
    {
      type: 'alicloud:vpc/switch:Switch',
      name: 'net-vswitch-second',
      parent: 'net',
      inputs: { ...vswitch, zoneId: 'ap-southeast-1c', cidrBlock: '192.168.2.0/24' },
      options: { ignoreChanges: ['zoneId', 'cidrBlock'], dependsOn: ['net-vpc'] },
    },
  ])
  expect(await resolved(network.vpcId)).toBe('net-vpc-id')
  expect(await resolved(network.securityGroupId)).toBe('net-security-group-id')
  const zones = network.zones.map(async ({ zoneId, vswitchId }) => [
    await resolved(zoneId),
    await resolved(vswitchId),
  ])
  expect(await Promise.all(zones)).toEqual([
    ['ap-southeast-1a', 'net-vswitch-first-id'],
    ['ap-southeast-1c', 'net-vswitch-second-id'],
  ])
})
