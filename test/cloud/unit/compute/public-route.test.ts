import { beforeEach, expect, test } from 'vitest'
import type { IngressRule } from '../../control-plane/hardware.ts'
import {
  account,
  bindEip,
  layNetwork,
  network,
  openAccount,
  pass,
  runServer,
  showInstance,
  text,
  useNetwork,
} from './account.ts'

let server: string
let eip: { id: string; address: string }
let routes: unknown[]

const WEB: IngressRule = {
  protocol: 'tcp',
  ports: [80, 80],
  source: '0.0.0.0/0',
  accept: true,
  priority: 1,
}

useNetwork({
  hardware: {
    async route(address, target) {
      routes.push([address, target])
    },
  },
})

beforeEach(async () => {
  server = await runServer()
  routes = []
  eip = await bindEip(server)
})

function change(
  action: 'AuthorizeSecurityGroup' | 'RevokeSecurityGroup',
  rule: Record<string, string>,
): Promise<unknown> {
  const SecurityGroupId = network.groupId
  const prefix = action === 'AuthorizeSecurityGroup' ? 'Permissions.1.' : ''
  const fields = Object.entries(rule).map(([key, value]) => [`${prefix}${key}`, value])
  return account.ecs(action, { SecurityGroupId, ...Object.fromEntries(fields) })
}

function rules(): readonly IngressRule[] | undefined {
  return account.compute.publicRoute(eip.address)?.rules
}

test('an address in use leads to its server through the rules of its groups', () => {
  expect(account.compute.publicRoute(eip.address)).toEqual({ instanceId: server, rules: [WEB] })
  expect(routes).toEqual([[eip.address, { instanceId: server, rules: [WEB] }]])
  expect(account.compute.publicRoute('203.0.113.1')).toBeUndefined()
})

test('rules are in the order in which they are looked at, Drop before Accept', async () => {
  const ssh = { IpProtocol: 'tcp', PortRange: '22/22', SourceCidrIp: '0.0.0.0/0' }
  await change('AuthorizeSecurityGroup', { ...ssh, Priority: '50', Policy: 'accept' })
  await change('AuthorizeSecurityGroup', { ...ssh, Priority: '50', Policy: 'drop' })
  const all = { IpProtocol: 'all', PortRange: '-1/-1', SourceCidrIp: '198.51.100.7' }
  await change('AuthorizeSecurityGroup', { ...all, Priority: '2' })
  await change('AuthorizeSecurityGroup', { ...all, IpProtocol: 'gre' })
  const noIpv4 = { IpProtocol: 'tcp', PortRange: '80/80', Ipv6SourceCidrIp: '::/0' }
  await change('AuthorizeSecurityGroup', noIpv4)
  expect(rules()).toEqual([
    WEB,
    { protocol: 'all', ports: [-1, -1], source: '198.51.100.7', accept: true, priority: 2 },
    { protocol: 'tcp', ports: [22, 22], source: '0.0.0.0/0', accept: false, priority: 50 },
    { protocol: 'tcp', ports: [22, 22], source: '0.0.0.0/0', accept: true, priority: 50 },
  ])
})

test('a group as source stands for the addresses of its members', async () => {
  const members = account.ecs('CreateSecurityGroup', { VpcId: network.vpcId })
  const groupId = await text(members, 'SecurityGroupId')
  const admin = { IpProtocol: 'tcp', PortRange: '22/22', SourceGroupId: groupId }
  await change('AuthorizeSecurityGroup', admin)
  expect(rules()).toEqual([WEB])
  const other = await runServer({ 'SecurityGroupIds.2': groupId })
  await change('AuthorizeSecurityGroup', admin)
  await pass()
  const ssh = { ...WEB, ports: [22, 22], source: '192.168.1.2/32' }
  expect(rules()).toEqual([WEB, ssh])
  expect(routes.at(-1)).toEqual([eip.address, { instanceId: server, rules: [WEB, ssh] }])
  await account.ecs('DeleteInstance', { InstanceId: other, Force: 'true' })
  await pass()
  expect(routes.at(-1)).toEqual([eip.address, { instanceId: server, rules: [WEB] }])
})

test('the hardware is told of every change, and of nothing else', async () => {
  const closed = { IpProtocol: 'tcp', PortRange: '80/80', SourceCidrIp: '0.0.0.0/0' }
  await change('AuthorizeSecurityGroup', closed)
  await pass()
  expect(routes).toHaveLength(1)
  await change('RevokeSecurityGroup', closed)
  await pass()
  const secure = { ...closed, PortRange: '443/443' }
  await change('AuthorizeSecurityGroup', secure)
  await pass()
  await change('RevokeSecurityGroup', secure)
  await pass()
  await account.vpc('UnassociateEipAddress', { AllocationId: eip.id })
  await pass()
  const https = { ...WEB, ports: [443, 443] }
  expect(routes.slice(1)).toEqual([
    [eip.address, { instanceId: server, rules: [] }],
    [eip.address, { instanceId: server, rules: [https] }],
    [eip.address, { instanceId: server, rules: [] }],
    [eip.address, undefined],
  ])
})

test('an address stays with a server that is stopped', async () => {
  await account.ecs('StopInstance', { InstanceId: server })
  await pass()
  expect(account.compute.publicRoute(eip.address)?.instanceId).toBe(server)
  expect(routes).toHaveLength(1)
})

test('an address can be moved from one server to the next', async () => {
  const next = await runServer()
  await account.vpc('UnassociateEipAddress', { AllocationId: eip.id, InstanceId: server })
  await pass(1000)
  await account.vpc('AssociateEipAddress', { AllocationId: eip.id, InstanceId: next })
  await account.ecs('DeleteInstance', { InstanceId: server, Force: 'true' })
  await pass()
  expect(account.compute.publicRoute(eip.address)?.instanceId).toBe(next)
  expect(account.hardwareCalls.filter((line) => line.startsWith('route'))).toEqual([
    `route ${eip.address} ${server}`,
    `route ${eip.address} nowhere`,
    `route ${eip.address} ${next}`,
  ])
})

test('an instance made with bandwidth has an address of its own from its start to its end', async () => {
  const account = openAccount()
  await layNetwork()
  const id = await runServer({ InternetMaxBandwidthOut: '5' })
  expect(await showInstance(id)).toMatchObject([
    { InternetMaxBandwidthOut: 5, PublicIpAddress: { IpAddress: ['203.0.113.163'] } },
  ])
  expect(account.compute.publicRoute('203.0.113.163')).toEqual({
    instanceId: id,
    rules: [{ protocol: 'tcp', ports: [80, 80], source: '0.0.0.0/0', accept: true, priority: 1 }],
  })
  await account.ecs('RevokeSecurityGroup', {
    SecurityGroupId: network.groupId,
    IpProtocol: 'tcp',
    PortRange: '80/80',
    SourceCidrIp: '0.0.0.0/0',
  })
  expect(account.compute.publicRoute('203.0.113.163')).toEqual({ instanceId: id, rules: [] })
  await account.ecs('DeleteInstance', { InstanceId: id, Force: 'true' })
  await pass()
  expect(account.compute.publicRoute('203.0.113.163')).toBe(undefined)
  expect(account.hardwareCalls).toEqual([
    `start ${id}`,
    `route 203.0.113.163 ${id}`,
    `route 203.0.113.163 ${id}`,
    `stop ${id}`,
    'route 203.0.113.163 nowhere',
    `remove ${id}`,
  ])
})
