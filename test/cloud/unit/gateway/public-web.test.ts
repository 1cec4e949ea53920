import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
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
