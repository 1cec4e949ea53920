import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type EmbeddedOss, startEmbeddedOss } from '../../../app/oss/index.ts'
import type { UploadedEvent } from '../../../app/server/callback-body.ts'
import { createApp } from '../../../app/server/create-app.ts'
import type { SigningOptions } from '../../../app/server/signing-options.ts'

const credentials = { accessKeyId: 'LTAI', accessKeySecret: 'secret' }
const pair = generateKeyPairSync('rsa', { modulusLength: 1024 })
const keyUrl = 'https://gosspublic.alicdn.com/callback_pub_key_v1.pem'
const servers: Server[] = []
let root: string
let oss: EmbeddedOss
let events: UploadedEvent[]

beforeEach(async () => {
  events = []
  root = await mkdtemp(join(tmpdir(), 'callback-'))
  oss = await startEmbeddedOss({
    dir: root,
    keys: [credentials],
    buckets: [{ name: 'photos' }],
    bucketOfAddress: 'photos',
    callbackDeadlineMs: 300,
  })
})

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  await oss.close()
  await rm(root, { recursive: true })
})

/** A server whose callback path is `path`, and what it takes for OSS's public key. */
async function serve(
  path: string,
  publicKey: string,
  change: Partial<SigningOptions> = {},
): Promise<string> {
  const server = createServer((request, response) => {
    // A proxy that takes a prefix off the path.
    request.url = request.url?.replace('/behind%20it', '')
    app(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const app = createApp({
    report: () => {},
    signing: {
      credentials,
      bucket: 'photos',
      region: 'ap-southeast-1',
      uploadHost: `http://127.0.0.1:${oss.port}`,
      callbackUrl: `${origin}${path}`,
      fetchPublicKey: async () => publicKey,
      onUploaded: (event) => {
        events.push(event)
        return { kept: event.object }
      },
      ...change,
    },
  })
  return origin
}

interface Signed {
  url: string
  key: string
  fields: Record<string, string>
}

async function upload(origin: string): Promise<Response> {
  const asked = await fetch(`${origin}/signature?name=${encodeURIComponent('照片 1.txt')}&size=5`)
  const { url, fields } = (await asked.json()) as Signed
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  body.append('file', new File(['hello'], 'x'))
  return fetch(url, { method: 'POST', body })
}

test.each(['/callback', '/callback?via=oss', '/behind%20it/callback'])(
  'OSS calls %s, and the browser receives what the application says',
  async (path) => {
    const origin = await serve(path, oss.callbackPublicKey)
    const reply = await upload(origin)
    expect(reply.status).toBe(200)
    const object = events[0]?.object ?? ''
    expect(object).toMatch(/^upload\/[0-9a-f]{16}\/照片 1\.txt$/)
    expect(await reply.json()).toEqual({ kept: object })
    expect(events).toEqual([
      {
        ...events[0],
        bucket: 'photos',
        size: 5,
        etag: '5D41402ABC4B2A76B9719D911017C592',
        mimeType: 'application/octet-stream',
      },
    ])
  },
)

test('what the application does not confirm is stored, and said to be', async () => {
  const refusing = await serve('/callback', 'no key at all')
  const reply = await upload(refusing)
  expect(reply.status).toBe(203)
  expect(await reply.text()).toContain('<Message>Error status : 502.</Message>')
  const late = await serve('/callback', oss.callbackPublicKey, {
    onUploaded: () => new Promise((resolve) => setTimeout(resolve, 1000)),
  })
  expect(await (await upload(late)).text()).toContain('<Message>Cost too long time</Message>')
  expect((await oss.store.find('photos')?.objects.list({ max: 9 }))?.objects).toHaveLength(2)
})

describe('a callback that OSS did not send', () => {
  async function callbackOf(origin: string): Promise<string> {
    const asked = await fetch(`${origin}/signature?name=a.txt&size=5`)
    const { fields, key } = (await asked.json()) as Signed
    const { callbackBody } = JSON.parse(
      Buffer.from(fields.callback ?? '', 'base64').toString('utf8'),
    )
    const values: Record<string, unknown> = { bucket: 'photos', object: key, size: 5 }
    return callbackBody.replaceAll(/\$\{([^}]*)\}/g, (_: string, name: string) =>
      JSON.stringify(values[name] ?? 'x'),
    )
  }

  async function call(
    origin: string,
    body: string,
    change: { signed?: string; url?: string; path?: string } = {},
  ): Promise<string> {
    const signature = sign(
      'RSA-MD5',
      Buffer.from(change.signed ?? `/callback\n${body}`),
      pair.privateKey,
    )
    const response = await fetch(`${origin}${change.path ?? '/callback'}`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        authorization: signature.toString('base64'),
        'x-oss-pub-key-url': Buffer.from(change.url ?? keyUrl).toString('base64'),
      },
    })
    const { code } = (await response.json()) as { code?: string }
    return `${response.status} ${code ?? 'accepted'}`
  }

  let origin: string
  beforeEach(async () => {
    origin = await serve(
      '/callback',
      pair.publicKey.export({ type: 'spki', format: 'pem' }) as string,
    )
  })

  test('is accepted once when all is right', async () => {
    const body = await callbackOf(origin)
    expect(await call(origin, body)).toBe('200 accepted')
    expect(await call(origin, body)).toBe('403 CallbackNotVerified')
    expect(events).toHaveLength(1)
  })

  test.each([
    ['another body', { signed: '/callback\n{}' }],
    ['another path', { signed: '/other\n' }],
    ['a query that was not signed', { path: '/callback?x=1', signed: '/callback?x=2\n' }],
    [
      'a look-alike host',
      { url: 'https://gosspublic.alicdn.com.evil.example/callback_pub_key_v1.pem' },
    ],
    [
      'user information',
      { url: 'https://gosspublic.alicdn.com@evil.example/callback_pub_key_v1.pem' },
    ],
    ['a port', { url: 'https://gosspublic.alicdn.com:8443/callback_pub_key_v1.pem' }],
    ['another path of the host', { url: 'https://gosspublic.alicdn.com/../evil.pem' }],
    ['another scheme', { url: 'ftp://gosspublic.alicdn.com/callback_pub_key_v1.pem' }],
  ])('is refused: %s', async (_title, change) => {
    expect(await call(origin, await callbackOf(origin), change)).toBe('403 CallbackNotVerified')
    expect(events).toEqual([])
  })

  test('is refused for another object than was signed for, and when it is too large', async () => {
    const body = await callbackOf(origin)
    expect(await call(origin, body.replace('a.txt', 'b.txt'))).toBe('403 CallbackNotVerified')
    expect(await call(origin, body.replace('photos', 'others'))).toBe('403 CallbackNotVerified')
    expect(await call(origin, 'not json')).toBe('400 InvalidRequest')
    expect(await call(origin, 'x'.repeat(65_537))).toBe('413 RequestTooLarge')
    expect((await fetch(`${origin}/callback`)).status).toBe(405)
    expect(events).toEqual([])
  })
})
