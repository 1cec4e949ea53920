import { randomBytes } from 'node:crypto'
import OSS from 'ali-oss'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type PresignInput, presignUrl } from '../../../app/signing/index.ts'
import { useEmbeddedOss } from '../../embedded-oss.ts'

// Every call that can be presigned, by our signer and by the official SDK's, on the embedded OSS.

const credentials = { accessKeyId: 'STS.LTAI', accessKeySecret: 'secret', securityToken: 'a/b+c=' }
const region = 'ap-southeast-1'
const KEY = '目录/a b+c&d=e%2F.bin'
const server = useEmbeddedOss({ keys: [credentials] })

beforeEach(() => {
  // The SDK warns for each client with a token that does not refresh it.
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

type Sign = (
  method: PresignInput['method'],
  query?: Record<string, string>,
  headers?: Record<string, string>,
) => Promise<string>

const ours: Sign = async (method, query = {}, headers = {}) =>
  presignUrl({
    credentials,
    region,
    bucket: 'photos',
    key: KEY,
    method,
    endpoint: server.origin,
    now: new Date(),
    expiresInSeconds: 60,
    query,
    headers,
  })

const theirs: Sign = async (method, query = {}, headers = {}) => {
  const { securityToken: stsToken, ...key } = credentials
  const sdk = new OSS({
    ...key,
    stsToken,
    region: `oss-${region}`,
    endpoint: server.origin,
    cname: true,
    bucket: 'photos',
    authorizationV4: true,
  })
  const bare = Object.fromEntries(Object.entries(query).map(([n, v]) => [n, v || null]))
  return sdk.signatureUrlV4(method, 60, { headers, queries: bare }, KEY)
}

const tag = (xml: string, name: string): string =>
  new RegExp(`<${name}>(.*?)</${name}>`).exec(xml)?.[1] ?? ''

describe.each<[string, Sign]>([
  ['our signer', ours],
  ['the SDK', theirs],
])('%s', (_name, sign) => {
  test('put, head, get in parts, delete', async () => {
    const body = randomBytes(1000)
    const headers = { 'content-type': 'image/png', 'x-oss-forbid-overwrite': 'true' }
    const put = await sign('PUT', {}, headers)
    // Whoever has the URL may send neither another type nor leave out what was signed.
    expect((await fetch(put, { method: 'PUT', body })).status).toBe(403)
    const other = { ...headers, 'content-type': 'text/html' }
    expect((await fetch(put, { method: 'PUT', body, headers: other })).status).toBe(403)
    expect((await fetch(put, { method: 'PUT', body, headers })).status).toBe(200)
    expect((await fetch(put, { method: 'PUT', body, headers })).status).toBe(409)
    const head = await fetch(await sign('HEAD'), { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '1000'])
    const name = { 'response-content-disposition': 'attachment; filename="b.png"' }
    const got = await fetch(await sign('GET', name), { headers: { range: 'bytes=10-19' } })
    expect([got.status, got.headers.get('content-disposition')]).toEqual([
      206,
      'attachment; filename="b.png"',
    ])
    expect(Buffer.from(await got.arrayBuffer()).equals(body.subarray(10, 20))).toBe(true)
    // A URL is for one method.
    expect((await fetch(await sign('GET'), { method: 'DELETE' })).status).toBe(403)
    expect((await fetch(await sign('DELETE'), { method: 'DELETE' })).status).toBe(204)
    expect((await fetch(await sign('GET'))).status).toBe(404)
  })

  test('an upload in parts: begun, sent, listed, completed; another given up', async () => {
    const parts = [randomBytes(150_000), randomBytes(70_000)]
    const begin = async () =>
      tag(
        await (await fetch(await sign('POST', { uploads: '' }), { method: 'POST' })).text(),
        'UploadId',
      )
    const uploadId = await begin()
    const etags: string[] = []
    for (const [i, body] of parts.entries()) {
      const url = await sign('PUT', { partNumber: String(i + 1), uploadId })
      const sent = await fetch(url, { method: 'PUT', body })
      expect(sent.status).toBe(200)
      etags.push(sent.headers.get('etag') ?? '')
      // The URL of one part is not that of another.
      const moved = url.replace(`partNumber=${i + 1}`, `partNumber=${i + 5}`)
      expect((await fetch(moved, { method: 'PUT', body })).status).toBe(403)
    }
    const listed = await (await fetch(await sign('GET', { uploadId }))).text()
    expect(listed.match(/<Size>\d+<\/Size>/g)).toEqual([
      '<Size>150000</Size>',
      '<Size>70000</Size>',
    ])
    const list = etags.map(
      (etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
    )
    const completed = await fetch(await sign('POST', { uploadId }), {
      method: 'POST',
      body: Buffer.from(`<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`),
    })
    expect([completed.status, tag(await completed.text(), 'Bucket')]).toEqual([200, 'photos'])
    const whole = Buffer.from(await (await fetch(await sign('GET'))).arrayBuffer())
    expect(whole.equals(Buffer.concat(parts))).toBe(true)
    const given = await begin()
    const abort = await sign('DELETE', { uploadId: given })
    expect((await fetch(abort, { method: 'DELETE' })).status).toBe(204)
    expect((await fetch(abort, { method: 'DELETE' })).status).toBe(404)
  })
})
