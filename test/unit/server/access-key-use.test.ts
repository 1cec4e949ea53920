import { pino } from 'pino'
import { expect, test } from 'vitest'
import { serveApp } from './app-server.ts'
import { PUBLIC_KEY, sendCallback, signedCallback } from './callback-sender.ts'
import { callbackServer } from './callback-server.ts'

const health = async (origin: string) => (await fetch(`${origin}/healthz`)).json()

test('health and log say on which day OSS last accepted the access key', async () => {
  let time = Date.UTC(2026, 10, 24, 23, 59)
  const messages: string[] = []
  const log = pino({}, { write: (line: string) => void messages.push(JSON.parse(line).msg) })
  const server = await callbackServer({ now: () => new Date(time) }, { log })
  const { origin, body } = server
  expect(await health(origin)).toEqual({ status: 'ok', accessKey: { lastAccepted: null } })

  const upload = async () => (await sendCallback(origin, signedCallback(await body()))).status
  expect(await upload()).toBe(200)
  expect(await upload()).toBe(200)
  expect(await health(origin)).toEqual({ status: 'ok', accessKey: { lastAccepted: '2026-11-24' } })
  time += 60_000
  expect(await health(origin)).toEqual({ status: 'ok', accessKey: { lastAccepted: '2026-11-24' } })
  expect(await upload()).toBe(200)
  expect(await health(origin)).toEqual({ status: 'ok', accessKey: { lastAccepted: '2026-11-25' } })
  const logged = messages.filter((message) => message === 'OSS accepted the access key')
  expect(logged).toHaveLength(2)
})

test('a callback that is refused says nothing about the key', async () => {
  const { origin, body } = await callbackServer()
  const forged = signedCallback(await body({ bucket: 'others' }))
  expect((await sendCallback(origin, forged)).status).toBe(403)
  expect(await health(origin)).toEqual({ status: 'ok', accessKey: { lastAccepted: null } })
})

test.each([
  ['without callbacks, which would tell', {}],
  [
    'with temporary credentials, which are never idle',
    {
      credentials: async () => ({ accessKeyId: 'STS.A', accessKeySecret: 'B', securityToken: 'T' }),
      callbackUrl: 'https://app.example/callback',
      fetchPublicKey: async () => PUBLIC_KEY,
    },
  ],
])('%s, health says nothing', async (_what, options) => {
  expect(await health(await serveApp(options))).toEqual({ status: 'ok' })
})
