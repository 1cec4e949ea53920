import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { duplexPair } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { admits } from '../../control-plane/gateway/public-web.ts'
import type { IngressRule } from '../../control-plane/hardware.ts'
import { type SimulatedCloud, startSimulatedCloud } from '../../control-plane/simulated-cloud.ts'
import { TestClock } from './api-client.ts'

describe('security group rules', () => {
  const rule = (change: Partial<IngressRule>): IngressRule => ({
    protocol: 'tcp',
    ports: [80, 80],
    source: '0.0.0.0/0',
    accept: true,
    priority: 1,
    ...change,
  })

  test.each<[string, IngressRule[], boolean]>([
    ['nothing lets nothing in', [], false],
    ['port and source fit', [rule({})], true],
    ['another port', [rule({ ports: [443, 443] })], false],
    ['a range of ports', [rule({ ports: [1, 100] })], true],
    ['another source', [rule({ source: '10.0.0.0/8' })], false],
    ['a single address', [rule({ source: '198.51.100.7' })], true],
    ['another protocol', [rule({ protocol: 'udp' })], false],
    ['every protocol', [rule({ protocol: 'all', ports: [-1, -1] })], true],
    ['the first by priority decides', [rule({ accept: false, priority: 2 }), rule({})], true],
    ['of equal ones the refusal', [rule({}), rule({ accept: false })], false],
  ])('%s', (_name, rules, admitted) => {
    expect(admits(rules, 80, '198.51.100.7')).toBe(admitted)
  })
})

describe('the page of an instance', () => {
  let cloud: SimulatedCloud
  const clock = new TestClock()
  const rules: IngressRule[] = [
    { protocol: 'tcp', ports: [80, 80], source: '0.0.0.0/0', accept: true, priority: 1 },
  ]

  beforeEach(async () => {
    cloud = await startSimulatedCloud({
      now: clock.now,
      unreachableMs: 200,
      web: (visit, _request, response) => response.end(JSON.stringify(visit)),
    })
    // Which address leads where is the business of ECS and VPC, and proven there.
    cloud.account.publicRoute = (eip) =>
      eip === '203.0.113.10' ? { instanceId: 'i-1', rules } : undefined
  })

  afterEach(() => cloud.close())

  const visit = async (url: string): Promise<string> => {
    const { host } = new URL(url)
    const asked = request({ port: cloud.proxyPort, path: url, headers: { host } }).end()
    const [response] = await once(asked, 'response')
    return `${response.statusCode} ${await text(response)}`
  }

  test('is reached where the rules let it', async () => {
    expect(await visit('http://203.0.113.10/config?x=1')).toBe(
      '200 {"eip":"203.0.113.10","instanceId":"i-1","port":80,"url":"/config?x=1","clientAddress":"198.51.100.7"}',
    )
    const entry = cloud.audit.entries[0]
    expect([entry?.host, entry?.status, entry?.parameters]).toEqual([
      '203.0.113.10',
      200,
      { method: 'GET', url: '/config?x=1' },
    ])
  })

  test('by a tunnel as well', async () => {
    const socket = connect(cloud.proxyPort, '127.0.0.1')
    socket.write('CONNECT 203.0.113.10:80 HTTP/1.1\r\nHost: 203.0.113.10:80\r\n\r\n')
    await once(socket, 'data')
    socket.write('GET /a HTTP/1.1\r\nHost: 203.0.113.10\r\nConnection: close\r\n\r\n')
    const answer = await text(socket)
    expect(answer).toContain('"port":80,"url":"/a"')
  })

  test.each([
    ['http://203.0.113.10:8080/', 'Dropped'],
    ['http://203.0.113.11/', 'NoRoute'],
  ])('%s keeps the client waiting: %s', async (url, code) => {
    const started = performance.now()
    await expect(visit(url)).rejects.toThrow('socket hang up')
    expect(performance.now() - started).toBeGreaterThanOrEqual(199)
    expect(cloud.audit.entries.map((entry) => [entry.status, entry.code])).toEqual([[0, code]])
  })
})

describe('what an instance encrypts itself', () => {
  let cloud: SimulatedCloud
  const asked: unknown[] = []
  const rule = { protocol: 'tcp', source: '0.0.0.0/0', accept: true, priority: 1 } as const
  let port = 443

  beforeEach(async () => {
    asked.length = 0
    port = 443
    cloud = await startSimulatedCloud({
      unreachableMs: 200,
      wire: async (to) => {
        asked.push(to)
        if (to.instanceId === 'i-deaf') throw new Error('connection refused')
        const [here, there] = duplexPair()
        there.once('data', (bytes: Buffer) => there.end(`heard ${bytes}`))
        return here
      },
    })
    const instances: Record<string, string> = { '203.0.113.10': 'i-1', '203.0.113.12': 'i-deaf' }
    cloud.account.publicRoute = (eip) => {
      const instanceId = instances[eip]
      return instanceId ? { instanceId, rules: [{ ...rule, ports: [port, port] }] } : undefined
    }
  })

  afterEach(() => cloud.close())

  async function open(host: string): Promise<Socket> {
    const socket = connect(cloud.proxyPort, '127.0.0.1')
    socket.write(`CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    return socket
  }
  const outcomes = () => cloud.audit.entries.map(({ host, status, code }) => [host, status, code])

  test.each(['203.0.113.10', 'photos.example'])('goes through untouched to %s', async (host) => {
    cloud.names.set('photos.example', '203.0.113.10')
    const socket = await open(`${host}:443`)
    const [status] = (await once(socket, 'data')) as [Buffer]
    expect(status.toString()).toBe('HTTP/1.1 200 Connection Established\r\n\r\n')
    socket.write('a secret')
    expect(await text(socket)).toBe('heard a secret')
    expect(asked).toEqual([{ eip: '203.0.113.10', instanceId: 'i-1', port: 443 }])
    expect(outcomes()).toEqual([['203.0.113.10', 200, '']])
  })

  test.each([
    ['203.0.113.11', 'NoRoute'],
    ['203.0.113.12', 'Refused'],
  ])('a connection to %s that comes to nothing is cut: %s', async (host, code) => {
    const socket = await open(`${host}:443`)
    expect(await text(socket)).toBe('')
    expect(outcomes()).toEqual([[host, 0, code]])
  })

  test('the rules hold for it, too', async () => {
    port = 80
    expect(await text(await open('203.0.113.10:443'))).toBe('')
    expect([asked, outcomes()]).toEqual([[], [['203.0.113.10', 0, 'Dropped']]])
  })
})
