import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EmbeddedOss, startEmbeddedOss } from '../../../app/oss/index.ts'
import type { UploadedEvent } from '../../../app/server/callback/body.ts'
import { createApp } from '../../../app/server/create-app.ts'
import type { SigningOptions } from '../../../app/server/signing-options.ts'

const credentials = { accessKeyId: 'LTAI', accessKeySecret: 'secret' }
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
