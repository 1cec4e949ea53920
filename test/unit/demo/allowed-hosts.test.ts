import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDemo } from '../../../app/demo/demo.ts'
import { parseAnswer, rawConnection } from '../server/raw-connection.ts'

let dir: string
let demo: Awaited<ReturnType<typeof startDemo>>

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'demo-'))
  demo = await startDemo({ port: 0, ossPort: 0, dir, allowedHosts: ['Forwarded.example'] })
}, 60_000)
afterAll(async () => {
  await demo.close()
  await rm(dir, { recursive: true })
})

async function get(path: string, head: string) {
  const connection = await rawConnection(Number(new URL(demo.address).port))
  connection.send(`GET ${path} HTTP/1.1\r\n${head}Connection: close\r\n\r\n`)
  return parseAnswer(await connection.closed)
}

test.each([
  '127.0.0.1',
  '127.0.0.1:8080',
  'localhost',
  'LOCALHOST:8080',
  '[::1]:8080',
  '[::1]',
  'forwarded.example',
  'forwarded.example:443',
])('answers requests for %s', async (host) => {
  expect((await get('/healthz', `Host: ${host}\r\n`)).status).toBe(200)
})

test.each(['/', '/healthz', '/config.json', '/signature?name=a.png', '/metrics', '/none'])(
  'refuses %s for another host',
  async (path) => {
    const { status, headers, body } = await get(path, 'Host: evil.example:8080\r\n')
    expect([status, JSON.parse(body)]).toEqual([
      421,
      {
        code: 'MisdirectedRequest',
        message: 'This server does not answer requests for this host',
        requestId: headers['x-request-id'],
      },
    ])
  },
)

test.each([
  'evil.example',
  'localhost.evil.example',
  'evil.example:127.0.0.1',
  '127.0.0.1.evil.example:8080',
  'localhost.',
  'notlocalhost',
  '127.0.0.1@evil.example',
  '2130706433',
  '',
])('refuses requests for "%s"', async (host) => {
  expect((await get('/healthz', `Host: ${host}\r\n`)).status).toBe(421)
})

test('ignores forwarded hosts', async () => {
  const head = 'Host: evil.example\r\nX-Forwarded-Host: localhost\r\nForwarded: host=localhost\r\n'
  expect((await get('/healthz', head)).status).toBe(421)
})
