import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDemo } from '../../../app/demo/demo.ts'
import { listen } from '../../../app/process/listen.ts'
import { parseAnswer, rawConnection } from '../server/raw-connection.ts'

type Demo = Awaited<ReturnType<typeof startDemo>>
let dir: string
let demo: Demo
let permissive: Demo

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'demo-'))
  const start = (name: string, allowedHosts: string[], allowPrivateCallbacks: boolean) =>
    startDemo({ port: 0, ossPort: 0, dir: join(dir, name), allowedHosts, allowPrivateCallbacks })
  demo = await start('one', ['Forwarded.example'], false)
  permissive = await start('other', [], true)
}, 60_000)
afterAll(async () => {
  await Promise.all([demo.close(), permissive.close()])
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

/** Uploads with a callback that the visitor has added to the signed form. */
async function uploadWithCallback({ address }: Demo, callbackUrl: string) {
  const response = await fetch(`${address}/signature?name=a.txt&type=text/plain&size=1`)
  const { url, fields } = (await response.json()) as {
    url: string
    fields: Record<string, string>
  }
  const callback = { callbackUrl, callbackBody: 'key=${object}' }
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('callback', Buffer.from(JSON.stringify(callback)).toString('base64'))
  form.append('file', new Blob(['a'], { type: 'text/plain' }))
  return (await fetch(url, { method: 'POST', body: form })).status
}

test('forms carry callbacks to private addresses only when that is asked for', async () => {
  let callbacks = 0
  const application = createServer((_request, response) => {
    callbacks += 1
    response.setHeader('Content-Type', 'application/json').end('{}')
  })
  const url = `http://127.0.0.1:${await listen(application, 0, '127.0.0.1')}/`
  expect([await uploadWithCallback(demo, url), callbacks]).toEqual([400, 0])
  expect([await uploadWithCallback(permissive, url), callbacks]).toEqual([200, 1])
  application.close()
})
