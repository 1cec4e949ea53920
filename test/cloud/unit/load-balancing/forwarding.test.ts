import { once } from 'node:events'
import { createServer, type RequestListener, request } from 'node:http'
import { request as requestTls } from 'node:https'
import { type AddressInfo, connect, createServer as createNetServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { CertificateAuthority } from '../../control-plane/certificates/certificate-authority.ts'
import type { BalancerPort, Choice } from '../../control-plane/hardware.ts'
import { CONNECT_TIMEOUT, probeServer } from '../../machine/health-probe.ts'
import { LoadBalancer } from '../../machine/load-balancer.ts'

const HOST = '127.0.0.1'
const closers: (() => void)[] = []

afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A server behind the load balancer; its port. */
async function serve(answer: RequestListener): Promise<number> {
  const server = createServer(answer)
  server.listen(0, HOST)
  await once(server, 'listening')
  closers.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

function choiceOf(port: number, more: Partial<Choice> = {}): Choice {
  const target = { instanceId: 'i-1', privateIp: HOST, port, source: HOST, rules: [] }
  return { target, signal: new AbortController().signal, done: () => {}, ...more }
}

/** A load balancer with one port; where it is to be reached. */
async function balance(
  choose: () => Choice | undefined,
  more: Partial<BalancerPort> = {},
): Promise<{ balancer: LoadBalancer; at: () => number; port: BalancerPort }> {
  const ports: number[] = []
  const balancer = new LoadBalancer({
    async listen() {
      const server = createNetServer()
      server.listen(0, HOST)
      await once(server, 'listening')
      ports.push((server.address() as AddressInfo).port)
      return server
    },
    async connect({ privateIp, port }): Promise<Socket> {
      const socket = connect(port, privateIp)
      await once(socket, 'connect')
      return socket
    },
  })
  closers.push(() => balancer.close())
  const port: BalancerPort = {
    port: 80,
    certificate: undefined,
    idleTimeoutMs: 15_000,
    requestTimeoutMs: 60_000,
    choose,
    headers: ({ address }) => ({ 'x-forwarded-for': address, 'x-spoiled': undefined }),
    ...more,
  }
  const plan = { loadBalancerId: 'alb-1', dnsName: 'alb-1', addresses: [HOST], ports: [port] }
  await balancer.apply(plan)
  return { balancer, at: () => ports.at(-1) ?? 0, port }
}

interface Sent {
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: string
}

async function send(port: number, { body = '', ...options }: Sent = {}) {
  const sent = request({ host: HOST, port, agent: false, ...options }).end(body)
  const [answer] = await once(sent, 'response')
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) }
}

test('a request goes on as it came, with what the listener tells of the client', async () => {
  const backend = await serve(async (seen, response) => {
    const { method, url, headers } = seen
    response.setHeader('x-of-the-server', '1')
    response.writeHead(201).end(JSON.stringify({ method, url, headers, body: await text(seen) }))
  })
  const { at } = await balance(() => choiceOf(backend))
  const headers = { host: 'up.example.com', 'x-mine': 'a', 'x-spoiled': 'b', connection: 'x-hop' }
  const answer = await send(at(), { method: 'PUT', path: '/a?b=c', headers, body: 'hello' })
  expect(answer.status).toBe(201)
  expect(answer.headers['x-of-the-server']).toBe('1')
  expect(JSON.parse(answer.body)).toEqual({
    method: 'PUT',
    url: '/a?b=c',
    body: 'hello',
    headers: {
      host: 'up.example.com',
      'x-mine': 'a',
      'x-forwarded-for': HOST,
      'content-length': '5',
      connection: 'close',
    },
  })
})

test('without a server it is 503, with one that takes no connection 502', async () => {
  const none = await balance(() => undefined)
  expect(await send(none.at())).toMatchObject({
    status: 503,
    body: expect.stringContaining('503 Service Temporarily Unavailable'),
  })
  expect(none.balancer.failed).toEqual([':80 GET / 503'])
  const closed = await balance(() => choiceOf(1))
  expect(await send(closed.at())).toMatchObject({
    status: 502,
    body: expect.stringContaining('502 Bad Gateway'),
  })
})

test('a server that breaks off is 502, one that is silent too long 504', async () => {
  const breaking = await serve((seen) => seen.socket.destroy())
  const broken = await balance(() => choiceOf(breaking))
  expect((await send(broken.at())).status).toBe(502)
  const silent = await serve(() => {})
  const slow = await balance(() => choiceOf(silent), { requestTimeoutMs: 50 })
  expect((await send(slow.at(), { path: '/a?b' })).status).toBe(504)
  expect(slow.balancer.failed).toEqual([':80 GET /a 504'])
})

test('a server whose time to drain is over is cut off, and that is told', async () => {
  const gone = new AbortController()
  let over = 0
  const backend = await serve(() => gone.abort())
  const done = () => {
    over += 1
  }
  const { at } = await balance(() => choiceOf(backend, { signal: gone.signal, done }))
  expect((await send(at())).status).toBe(502)
  expect(over).toBe(1)
})

test('an answer that breaks off is broken off, not ended', async () => {
  const backend = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '10' })
    response.write('half')
    setTimeout(() => response.destroy(), 20)
  })
  const { balancer, at } = await balance(() => choiceOf(backend))
  await expect(send(at())).rejects.toThrow('aborted')
  expect(balancer.failed).toEqual([':80 GET / broken off'])
})

test('HTTPS is with the certificate of the listener, and a new one takes its place', async () => {
  const authority = new CertificateAuthority()
  const backend = await serve((_, response) => response.end('ok'))
  const certificate = authority.issue('up.example.com')
  const { balancer, at, port } = await balance(() => choiceOf(backend), { certificate })
  const shown = async (): Promise<string> => {
    const options = { host: HOST, port: at(), agent: false, servername: 'up.example.com' }
    const sent = requestTls({ ...options, ca: authority.certificate }).end()
    const [answer] = await once(sent, 'response')
    const { fingerprint256 } = answer.socket.getPeerX509Certificate()
    expect(await text(answer)).toBe('ok')
    return fingerprint256
  }
  const first = await shown()
  const next = { ...port, certificate: new CertificateAuthority().issue('up.example.com') }
  const plan = { loadBalancerId: 'alb-1', dnsName: 'alb-1', addresses: [HOST] }
  await balancer.apply({ ...plan, ports: [next] })
  await expect(shown()).rejects.toThrow('self-signed certificate in certificate chain')
  await balancer.apply({ ...plan, ports: [port] })
  expect(await shown()).toBe(first)
})

test('a load balancer that is gone takes no connection', async () => {
  const backend = await serve((_, response) => response.end('ok'))
  const { balancer, at } = await balance(() => choiceOf(backend))
  expect((await send(at())).body).toBe('ok')
  await balancer.apply({ loadBalancerId: 'alb-1', dnsName: 'alb-1', addresses: [], ports: [] })
  await expect(send(at())).rejects.toThrow('ECONNREFUSED')
})

test('a health check asks what it is told to, and tells why it failed', async () => {
  const asked: string[] = []
  const backend = await serve((seen, response) => {
    asked.push(`${seen.method} ${seen.url} ${seen.headers.host}`)
    if (seen.url === '/silent') return
    if (seen.url === '/breaking') seen.socket.destroy()
    else response.writeHead(seen.url === '/healthz' ? 200 : 503).end('body')
  })
  const probe = (path: string, more: object = {}) =>
    probeServer(
      async ({ port }) => {
        const socket = connect(port, HOST)
        await once(socket, 'connect')
        return socket
      },
      {
        ...choiceOf(backend).target,
        protocol: 'HTTP',
        method: 'GET',
        path,
        host: 'me',
        timeoutMs: 10_000,
        ...more,
      },
    )
  expect(await probe('/healthz')).toEqual({ status: 200 })
  expect(await probe('/ill')).toEqual({ status: 503 })
  expect(await probe('/silent', { timeoutMs: 50 })).toEqual({ reason: 'RECV_RESPONSE_TIMEOUT' })
  expect(await probe('/breaking')).toEqual({ reason: 'RECV_RESPONSE_FAILED' })
  expect(await probe('/healthz', { protocol: 'TCP' })).toEqual({ status: 0 })
  expect(await probe('/healthz', { port: 1 })).toEqual({ reason: 'CONNECT_FAILED' })
  expect(asked).toEqual(['/healthz', '/ill', '/silent', '/breaking'].map((at) => `GET ${at} me`))
  const dropped = { ...choiceOf(1).target, protocol: 'TCP', method: 'GET', path: '/' } as const
  expect(
    await probeServer(() => Promise.reject(new Error(CONNECT_TIMEOUT)), {
      ...dropped,
      host: 'me',
      timeoutMs: 50,
    }),
  ).toEqual({ reason: 'CONNECT_TIMEOUT' })
})
