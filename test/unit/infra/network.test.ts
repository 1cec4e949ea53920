import { expect, test } from 'vitest'
import { Network, zoneCidr } from '../../../infra/network/network.ts'
import { groupAndVpc, openPort, tags, vswitch } from './private-network.ts'
import { named, recordRegistrations, resolved, settled } from './registrations.ts'

const outputs = { 'alicloud:ecs/eipAddress:EipAddress': () => ({ ipAddress: '203.0.113.10' }) }

test('a network is a VPC with a vSwitch, a security group with its rules, and an address', async () => {
  const recorded = await recordRegistrations({ outputs })
  const network = new Network('net', {
    zoneId: 'ap-southeast-1b',
    pinZone: true,
    allowedCidrs: ['198.51.100.0/24'],
    sshCidrs: ['203.0.113.7/32'],
    bandwidth: 5,
    tags,
  })
  await settled()

  expect(recorded).toEqual([
    { type: 'oss-direct-upload:index:Network', name: 'net', inputs: {}, options: {} },
    {
      type: 'alicloud:ecs/eipAddress:EipAddress',
      name: 'net-eip',
      parent: 'net',
      inputs: {
        addressName: 'shop-dev-net',
        internetChargeType: 'PayByTraffic',
        paymentType: 'PayAsYouGo',
        bandwidth: '5',
        tags,
      },
      options: {},
    },
    openPort('net-http-198.51.100.0-24', '80/80', '198.51.100.0/24'),
    groupAndVpc[0],
    openPort('net-ssh-203.0.113.7-32', '22/22', '203.0.113.7/32'),
    groupAndVpc[1],
    vswitch('net-vswitch', 'ap-southeast-1b', '192.168.1.0/24'),
  ])
  expect(await resolved(network.vpcId)).toBe('net-vpc-id')
  expect(await resolved(network.vswitchId)).toBe('net-vswitch-id')
  expect(await resolved(network.securityGroupId)).toBe('net-security-group-id')
  expect(await resolved(network.allocationId)).toBe('net-eip-id')
  expect(await resolved(network.address)).toBe('203.0.113.10')
})

test('with https the same ranges reach port 443', async () => {
  const recorded = await recordRegistrations({ outputs })
  const allowedCidrs = ['198.51.100.0/24', '0.0.0.0/0']
  new Network('net', { zoneId: 'cn-beijing-k', allowedCidrs, https: true, bandwidth: 100 })
  await settled()
  const rules = recorded
    .filter(({ type }) => type.endsWith(':SecurityGroupRule'))
    .map(({ name, inputs }) => [name, inputs.portRange, inputs.cidrIp])
  expect(rules).toEqual([
    ['net-http-0.0.0.0-0', '80/80', '0.0.0.0/0'],
    ['net-http-198.51.100.0-24', '80/80', '198.51.100.0/24'],
    ['net-https-0.0.0.0-0', '443/443', '0.0.0.0/0'],
    ['net-https-198.51.100.0-24', '443/443', '198.51.100.0/24'],
  ])
})

test('by default port 22 is closed and the vSwitch follows zoneId', async () => {
  const recorded = await recordRegistrations({ outputs })
  new Network('net', { zoneId: 'cn-beijing-k', allowedCidrs: ['0.0.0.0/0'], bandwidth: 100 })
  await settled()

  const rules = recorded.filter(({ type }) => type.endsWith(':SecurityGroupRule'))
  expect(rules.map(({ inputs }) => [inputs.portRange, inputs.cidrIp])).toEqual([
    ['80/80', '0.0.0.0/0'],
  ])
  const { inputs, options } = named(recorded, 'net-vswitch')
  expect(options).toEqual({ dependsOn: ['net-vpc'] })
  expect(inputs).toEqual({
    vswitchName: 'shop-dev-net',
    vpcId: 'net-vpc-id',
    zoneId: 'cn-beijing-k',
    cidrBlock: '192.168.10.0/24',
  })
})

test.each([
  ['ap-southeast-1a', '192.168.0.0/24'],
  ['ap-southeast-1c', '192.168.2.0/24'],
  ['cn-hangzhou-z', '192.168.25.0/24'],
  ['cn-hangzhou-MAZ5', '192.168.26.0/24'],
])('the range of %s is %s', (zoneId, range) => {
  expect(zoneCidr(zoneId)).toBe(range)
})
