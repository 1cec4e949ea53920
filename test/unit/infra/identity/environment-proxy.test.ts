import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fetchHostAt } from '../../../../infra/identity/environment-proxy.ts'

const module = fileURLToPath(
  new URL('../../../../infra/identity/environment-proxy.ts', import.meta.url),
)
const seen: string[] = []
let tunnels: 'refused' | 'open' = 'refused'
const proxy = createServer((request, response) => {
  seen.push(`${request.method} ${request.url}`)
  response.end(`by proxy for ${request.headers.host}`)
})
proxy.on('connect', (request, socket) => {
  seen.push(`CONNECT ${request.url}`)
  if (tunnels === 'refused') {
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    return
  }
  socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
  server.emit('connection', socket)
})
/** Behind the tunnels. */
const server = createServer((request, response) =>
  response.end(`${request.headers.host} ${request.url}`),
)
let origin: string

beforeEach(async () => {
  seen.length = 0
  tunnels = 'refused'
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
})
afterEach(() => proxy.close())

/** Fetches URLs in a process with these variables. @returns What the proxy has seen */
async function fetchAll(env: Record<string, string>, urls: string[]): Promise<string[]> {
  const program = `
    const { useEnvironmentProxy } = await import(${JSON.stringify(module)})
    await useEnvironmentProxy()
    const get = (url) => fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => {})
    for (const url of ${JSON.stringify(urls)}) await get(url)`
  const { PATH } = process.env
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH, ...env },
  })
  return seen
}

const PAGE = 'http://192.0.2.1/healthz'
const OSS = 'https://photos.oss-ap-southeast-1.aliyuncs.com/'

test.each([
  ['HTTP_PROXY', 'HTTPS_PROXY'],
  ['http_proxy', 'https_proxy'],
])('%s and %s are used: http is forwarded, https is tunnelled', async (http, https) => {
  expect(await fetchAll({ [http]: origin, [https]: origin }, [PAGE, OSS])).toEqual([
    `GET ${PAGE}`,
    'CONNECT photos.oss-ap-southeast-1.aliyuncs.com:443',
  ])
})

test('NO_PROXY and the metadata service are reached directly', async () => {
  const env = { HTTP_PROXY: origin, NO_PROXY: '192.0.2.1,.internal' }
  const direct = ['http://100.100.100.200/latest/api/token', PAGE]
  expect(await fetchAll(env, direct)).toEqual([])
})

test('without these variables nothing changes', async () => {
  expect(await fetchAll({}, [`${origin}/direct`])).toEqual(['GET /direct'])
})

test('a host is requested at another server, directly and through a tunnel', async () => {
  const signal = AbortSignal.timeout(5000)
  const direct = await fetchHostAt(`${origin}/healthz`, 'photos.example:8080', signal, {})
  expect([direct.status, await direct.text()]).toEqual([200, 'by proxy for photos.example:8080'])
  expect(seen).toEqual(['GET /healthz'])
  tunnels = 'open'
  const env = { HTTP_PROXY: origin, NO_PROXY: '' }
  const url = 'http://alb-x.example:8080/healthz'
  const tunnelled = await fetchHostAt(url, 'photos.example:8080', signal, env)
  expect(await tunnelled.text()).toBe('photos.example:8080 /healthz')
  expect(seen).toEqual(['GET /healthz', 'CONNECT alb-x.example:8080'])
})

test('a tunnel that the proxy refuses is an error with a reason', async () => {
  const signal = AbortSignal.timeout(5000)
  const refused = fetchHostAt('http://alb-x.example:8080/', 'photos.example', signal, {
    HTTP_PROXY: origin,
  })
  await expect(refused).rejects.toThrow('Proxy response (403) !== 200 when HTTP Tunneling')
})
