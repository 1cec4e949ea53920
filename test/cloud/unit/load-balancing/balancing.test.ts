import { expect, test } from 'vitest'
import type { Probe, ProbeResult } from '../../control-plane/hardware.ts'
import { account, openAccount, part, pass, runServer, useAccount } from '../compute/account.ts'
import { fleet, layFleet } from '../scaling/fleet.ts'

useAccount()

interface Setting {
  weights?: readonly number[]
  probe?: (probe: Probe) => Promise<ProbeResult>
  serverGroup?: Record<string, string>
  listener?: Record<string, string>
}

/** Runs a server for each weight and puts it behind the load balancer. */
async function serve({ weights = [100, 100], probe, ...options }: Setting = {}): Promise<string[]> {
  openAccount(probe ? { hardware: { probe } } : {})
  await layFleet(options)
  const ids: string[] = []
  for (const weight of weights) {
    const network = {
      vpcId: fleet.vpcId,
      vSwitchId: fleet.vSwitchIds[0],
      groupId: fleet.securityGroupId,
    }
    const id = await runServer({}, network)
    await account.alb('AddServersToServerGroup', {
      ServerGroupId: fleet.serverGroupId,
      'Servers.1.ServerId': id,
      'Servers.1.Port': '80',
      'Servers.1.Weight': String(weight),
    })
    ids.push(id)
  }
  return ids
}

function port() {
  const [first] = account.compute.balancing.find(fleet.dnsName)?.ports ?? []
  if (!first) throw new Error('nothing listens')
  return first
}

/** Whom the next requests go to, by their place in `ids`; `none` where there is nobody. */
function next(count: number, ids: readonly string[]): (number | 'none')[] {
  return Array.from({ length: count }, () => {
    const choice = port().choose('203.0.113.224')
    choice?.done()
    return choice ? ids.indexOf(choice.target.instanceId) : 'none'
  })
}

async function notNormal(): Promise<unknown> {
  const { listenerId: ListenerId } = fleet
  const shown = account.alb('GetListenerHealthStatus', { ListenerId })
  return part(shown, 'ListenerHealthStatus', 0, 'ServerGroupInfos', 0, 'NonNormalServers')
}

test('requests take turns by weight', async () => {
  const ids = await serve({ weights: [100, 50, 0] })
  await pass()
  expect(next(6, ids)).toEqual([0, 1, 0, 0, 1, 0])
  expect(await notNormal()).toMatchObject([{ ServerId: ids[2], Status: 'Unused' }])
})

test('a server is Initial, then healthy once it has passed often enough', async () => {
  const ids = await serve({ weights: [100] })
  await pass(600)
  expect(await notNormal()).toMatchObject([{ ServerId: ids[0], Status: 'Initial' }])
  await pass(4000)
  expect(await notNormal()).toEqual([])
})

test('one that fails gets no requests, and is told of', async () => {
  let ill = ''
  const ids = await serve({
    probe: async ({ instanceId }) => ({ status: instanceId === ill ? 503 : 200 }),
  })
  await pass()
  ill = ids[0] ?? ''
  await pass(4000)
  expect(next(2, ids).toSorted()).toEqual([0, 1])
  await pass(2000)
  expect(next(4, ids)).toEqual([1, 1, 1, 1])
  expect(await notNormal()).toMatchObject([
    {
      ServerId: ill,
      Status: 'Unhealthy',
      Reason: {
        ReasonCode: 'RESPONSE_MISMATCH',
        ActualResponse: 'HTTP 503',
        ExpectedResponse: 'http_2xx',
      },
    },
  ])
  ill = ''
  await pass(4000)
  expect(next(2, ids).toSorted()).toEqual([0, 1])
})

test('where all have failed, requests go to all', async () => {
  const ids = await serve({ probe: async () => ({ reason: 'CONNECT_TIMEOUT' }) })
  await pass()
  expect(next(4, ids).toSorted()).toEqual([0, 0, 1, 1])
})

test('without a server there is nobody', async () => {
  const ids = await serve({ weights: [] })
  expect(next(1, ids)).toEqual(['none'])
})

test('what the security groups keep out is unhealthy', async () => {
  const ids = await serve({ weights: [100] })
  await pass()
  for (const third of [1, 2]) {
    await account.ecs('RevokeSecurityGroup', {
      SecurityGroupId: fleet.securityGroupId,
      IpProtocol: 'tcp',
      PortRange: '80/80',
      SourceCidrIp: `192.168.${third}.0/24`,
      Priority: String(third),
    })
  }
  await pass()
  expect(await notNormal()).toMatchObject([
    { ServerId: ids[0], Status: 'Unhealthy', Reason: { ReasonCode: 'CONNECT_TIMEOUT' } },
  ])
})

const DRAIN = {
  'ConnectionDrainConfig.ConnectionDrainEnabled': 'true',
  'ConnectionDrainConfig.ConnectionDrainTimeout': '30',
}

async function leave(id: string): Promise<void> {
  await account.alb('RemoveServersFromServerGroup', {
    ServerGroupId: fleet.serverGroupId,
    'Servers.1.ServerId': id,
    'Servers.1.Port': '80',
  })
}

test('a server that drains gets nothing new, ends what it has, and is cut when its time is over', async () => {
  const ids = await serve({ weights: [100], serverGroup: DRAIN })
  await pass()
  const choices = [1, 2].map(() => port().choose('203.0.113.224'))
  await leave(ids[0] ?? '')
  expect(next(1, ids)).toEqual(['none'])
  await pass(20_000)
  choices[0]?.done()
  expect(choices.map((choice) => choice?.signal.aborted)).toEqual([false, false])
  await pass(11_000)
  expect(choices.map((choice) => choice?.signal.aborted)).toEqual([true, true])
})

test('one that has nothing to end is gone at once', async () => {
  const [id = ''] = await serve({ weights: [100], serverGroup: DRAIN })
  await pass()
  await leave(id)
  await pass(600)
  const { serverGroupId: ServerGroupId } = fleet
  expect(await account.alb('ListServerGroupServers', { ServerGroupId })).toMatchObject({
    TotalCount: 0,
  })
})

test('without draining, what is under way is cut', async () => {
  const [id = ''] = await serve({ weights: [100] })
  await pass()
  const choice = port().choose('203.0.113.224')
  await leave(id)
  await pass(600)
  expect(choice?.signal.aborted).toBe(true)
})

test('connections come from the zone that was called', async () => {
  await serve()
  const sources = ['203.0.113.224', '203.0.113.225'].map((address) => {
    const choice = port().choose(address)
    choice?.done()
    return choice?.target.source
  })
  expect(sources).toEqual(['192.168.1.2', '192.168.2.2'])
})

const CLIENT = { address: '192.0.2.2', port: 4711, host: 'up.example.com' }

test('servers are told of the client as the listener is told to', async () => {
  await serve({ weights: [] })
  expect(port().headers({ ...CLIENT, forwardedFor: '10.9.9.9' })).toEqual({
    'x-forwarded-for': '10.9.9.9, 192.0.2.2',
  })
  await account.alb('UpdateListenerAttribute', {
    ListenerId: fleet.listenerId,
    'XForwardedForConfig.XForwardedForProtoEnabled': 'true',
    'XForwardedForConfig.XForwardedForSLBPortEnabled': 'true',
    'XForwardedForConfig.XForwardedForHostEnabled': 'true',
    'XForwardedForConfig.XForwardedForClientSrcPortEnabled': 'true',
    'XForwardedForConfig.XForwardedForSLBIdEnabled': 'true',
  })
  expect(port().headers({ ...CLIENT, forwardedFor: undefined })).toEqual({
    'x-forwarded-for': '192.0.2.2',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': '80',
    'x-forwarded-host': 'up.example.com',
    'x-forwarded-client-srcport': '4711',
    'slb-id': fleet.loadBalancerId,
  })
})
