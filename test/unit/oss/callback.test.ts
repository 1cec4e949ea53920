import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { UploadedEvent } from '../../../app/server/callback/body.ts'
import { createApp } from '../../../app/server/create-app.ts'
import type { SigningOptions } from '../../../app/server/signing-options.ts'
import { OWNER, useEmbeddedOss } from '../../embedded-oss.ts'

const servers: Server[] = []
const oss = useEmbeddedOss({ allowPrivateCallbacks: true })
let events: UploadedEvent[] = []

beforeEach(() => {
  events = []
})

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

/** Starts a signing server. @param publicKey What it takes for the public key of OSS */
async function serve(
  path: string,
  publicKey: string,
  change: Partial<SigningOptions> = {},
): Promise<string> {
  const server = createServer((request, response) => {
    // Stands for a proxy that removes a prefix of the path.
    request.url = request.url?.replace('/behind%20it', '')
    app(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const app = createApp({
    report: () => {},
    signing: {
      credentials: OWNER,
      bucket: 'photos',
      region: 'ap-southeast-1',
      uploadHost: oss.origin,
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
  'OSS calls %s and relays the reply of the application',
  async (path) => {
    const origin = await serve(path, oss.oss.callbackPublicKey)
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

test('an upload that the application does not confirm is stored and answered with 203', async () => {
  const refusing = await serve('/callback', 'no key at all')
  const reply = await upload(refusing)
  expect(reply.status).toBe(203)
  expect(await reply.text()).toContain('<Message>Error status : 502.</Message>')
  await oss.restart({ callbackTimeoutMs: 100 })
  const late = await serve('/callback', oss.oss.callbackPublicKey, {
    onUploaded: () => new Promise((resolve) => setTimeout(resolve, 1000)),
  })
  expect(await (await upload(late)).text()).toContain('<Message>Cost too long time</Message>')
  expect((await oss.oss.store.find('photos')?.objects.list({ max: 9 }))?.objects).toHaveLength(2)
})
