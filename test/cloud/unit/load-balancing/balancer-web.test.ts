import { once } from 'node:events'
import { type ClientRequest, request } from 'node:http'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import type { RamPolicy } from '../../../../app/oss/index.ts'
import { DEBIAN, REGION } from '../compute/account.ts'
import {
  callApi,
  clock,
  closeCloudAfterEach,
  cloud,
  outcomeOf,
  startCloud,
} from '../gateway/api-client.ts'
import { balancerParameters, listenerParameters } from '../scaling/fleet.ts'

const VERSIONS = {
  ecs: '2014-05-26',
  vpc: '2016-04-28',
  alb: '2020-06-16',
  ess: '2014-08-28',
  resourcemanager: '2020-03-31',
}
/** Nothing takes its time. */
const DURATIONS = {
  vpcMs: 0,
  vSwitchMs: 0,
  instancePendingMs: 0,
  instanceStartingMs: 0,
  loadBalancerMs: 0,
  serverGroupMs: 0,
  listenerMs: 0,
  serverMs: 0,
}

closeCloudAfterEach()

async function start(policies?: readonly RamPolicy[]): Promise<void> {
  await startCloud({
    durations: DURATIONS,
    unreachableMs: 100,
    ...(policies ? { deployer: { userName: 'deployer', policies } } : {}),
    web: ({ instanceId, eip, port, url }, { headers }, response) =>
      response.end(
        JSON.stringify({ instanceId, eip, port, url, client: headers['x-forwarded-for'] }),
      ),
  })
}

async function call(
  product: keyof typeof VERSIONS,
  action: string,
  parameters: Record<string, string>,
) {
  const place = product === 'resourcemanager' ? '' : `.${REGION}`
  const host = `${product}${place}.aliyuncs.com`
  const answer = await callApi(cloud, clock, action, {
    host,
    version: VERSIONS[product],
    parameters,
  })
  // What goes on by itself has its turn.
  await new Promise((resolve) => setTimeout(resolve, 10))
  return answer
}

async function id(name: string, ...args: Parameters<typeof call>): Promise<string> {
  const { body } = await call(...args)
  const value = body[name]
  if (typeof value !== 'string') throw new Error(JSON.stringify(body))
  return value
}

async function visit(host: string, path = '/'): Promise<string> {
  const url = `http://${host}${path}`
  const asked = request({ port: cloud.proxyPort, path: url, headers: { host } }).end()
  return answerTo(asked)
}

/** Connects to a name through a tunnel, and requests another host there. */
async function visitThrough(name: string, host: string, path = '/'): Promise<string> {
  const connect = request({ port: cloud.proxyPort, method: 'CONNECT', path: `${name}:80` }).end()
  const [, socket] = (await once(connect, 'connect')) as [unknown, Socket]
  return answerTo(request({ createConnection: () => socket, path, headers: { host } }).end())
}

async function answerTo(asked: ClientRequest): Promise<string> {
  const [response] = await once(asked, 'response')
  return `${response.statusCode} ${await text(response)}`
}

async function layBalancer() {
  const VpcId = await id('VpcId', 'vpc', 'CreateVpc', { RegionId: REGION, CidrBlock: '10.0.0.0/8' })
  const vSwitch = (letter: string, second: number) =>
    id('VSwitchId', 'vpc', 'CreateVSwitch', {
      RegionId: REGION,
      VpcId,
      ZoneId: `${REGION}${letter}`,
      CidrBlock: `10.${second}.0.0/16`,
    })
  const vSwitchIds: [string, string] = [await vSwitch('b', 1), await vSwitch('c', 2)]
  const balancer = balancerParameters(VpcId, vSwitchIds)
  // A new account lacks the role that the service acts with.
  expect(outcomeOf(await call('alb', 'CreateLoadBalancer', balancer))).toBe(
    '403 ServiceLinkedRole.NotExist',
  )
  const ServiceName = 'alb.aliyuncs.com'
  const createRole = () => call('resourcemanager', 'CreateServiceLinkedRole', { ServiceName })
  expect((await createRole()).body.Role).toMatchObject({
    RoleName: 'AliyunServiceRoleForAlb',
    IsServiceLinkedRole: true,
  })
  expect(outcomeOf(await createRole())).toBe('409 EntityAlreadyExists.Role')
  const LoadBalancerId = await id('LoadBalancerId', 'alb', 'CreateLoadBalancer', balancer)
  const ServerGroupId = await id('ServerGroupId', 'alb', 'CreateServerGroup', {
    ServerGroupName: 'servers',
    VpcId,
    'HealthCheckConfig.HealthCheckEnabled': 'false',
  })
  const listener = listenerParameters(ServerGroupId)
  await call('alb', 'CreateListener', { LoadBalancerId, ...listener })
  const name = `${LoadBalancerId}.${REGION}.alb.aliyuncsslbintl.com`
  return { VpcId, VSwitchId: vSwitchIds[0], ServerGroupId, name }
}

test('a domain that leads to a load balancer leads to an instance', async () => {
  await start()
  const { VpcId, VSwitchId, ServerGroupId, name } = await layBalancer()
  expect(await visitThrough(name, 'up.example.com')).toBe(
    '503 503 Service Temporarily Unavailable\n',
  )
  const group = { RegionId: REGION, VpcId }
  const { body } = await call('ecs', 'RunInstances', {
    RegionId: REGION,
    InstanceType: 'ecs.e-c1m2.large',
    ImageId: DEBIAN,
    VSwitchId,
    'SecurityGroupIds.1': await id('SecurityGroupId', 'ecs', 'CreateSecurityGroup', group),
    'SystemDisk.Category': 'cloud_essd_entry',
  })
  const [instanceId = ''] = (body.InstanceIdSets as { InstanceIdSet: string[] }).InstanceIdSet
  await call('alb', 'AddServersToServerGroup', {
    ServerGroupId,
    'Servers.1.ServerId': instanceId,
    'Servers.1.Port': '80',
  })
  const seen = { instanceId, eip: '203.0.113.224', port: 80, url: '/healthz?a=b' }
  const answer = `200 ${JSON.stringify({ ...seen, client: '198.51.100.7' })}`
  expect(await visitThrough(name, 'up.example.com:80', '/healthz?a=b')).toBe(answer)
  cloud.names.set('up.example.com', name)
  expect(await visit('up.example.com', '/healthz?a=b')).toBe(answer)
  expect(cloud.audit.find({ host: 'up.example.com' })).toMatchObject([{ status: 200, code: '' }])
  await expect(visit('up.example.com:8080')).rejects.toThrow('socket hang up')
  expect(cloud.audit.find({ code: 'NothingListens' })).toHaveLength(1)
})

test('a load balancer does not serve its own name', async () => {
  await start()
  const { name } = await layBalancer()
  await expect(visit(name)).rejects.toThrow('socket hang up')
  expect(cloud.audit.find({ code: 'NoDomain' })).toHaveLength(1)
  cloud.names.set('up.example.com', name)
  expect(await visit('up.example.com')).toBe('503 503 Service Temporarily Unavailable\n')
})

test('a load balancer that there is not answers nothing', async () => {
  await start()
  await expect(visit(`alb-${'x'.repeat(18)}.${REGION}.alb.aliyuncsslbintl.com`)).rejects.toThrow(
    'socket hang up',
  )
})

test('who makes load balancers and groups needs the right to, and to hand on their role', async () => {
  const allow = (Action: string[]): RamPolicy => ({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action, Resource: ['*'] }],
  })
  await start([allow(['ess:CreateScalingConfiguration'])])
  const outcome = async (...args: Parameters<typeof call>) => {
    const answer = await call(...args)
    return [outcomeOf(answer), String(answer.body.Message).split(', AuthPrincipal')[0]]
  }
  const start403 =
    'You are not authorized to do this action. You should be authorized by RAM. AuthAction:'
  const resource = (product: string) => `acs:${product}:${REGION}:1234567890123456:*`
  expect(await outcome('alb', 'CreateLoadBalancer', {})).toEqual([
    '403 NoPermission',
    `${start403} alb:CreateLoadBalancer, AuthResource: ${resource('alb')}`,
  ])
  expect(await outcome('ess', 'CreateScalingGroup', {})).toEqual([
    '403 NoPermission',
    `${start403} ess:CreateScalingGroup, AuthResource: ${resource('ess')}`,
  ])
  expect(await outcome('ess', 'CreateScalingConfiguration', { RamRoleName: 'server' })).toEqual([
    '403 NoPermission',
    `${start403} ram:PassRole, AuthResource: acs:ram:*:1234567890123456:role/server`,
  ])
})
