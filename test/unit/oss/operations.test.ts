import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { canonicalStringV1 } from '../../../app/oss/access/canonical-string-v1.ts'
import { OWNER, useEmbeddedOss } from '../../embedded-oss.ts'
import { SDK_OPERATIONS, SERVED } from './sdk-operations.ts'
import { signedCall } from './signed-call.ts'

const now = new Date('2026-11-24T12:00:00Z')
const server = useEmbeddedOss({ now: () => now })

type Call = Pick<
  Parameters<typeof signedCall>[0],
  'method' | 'bucket' | 'key' | 'query' | 'headers'
>

const byV4 = (call: Call) =>
  signedCall({
    ...call,
    port: server.port,
    region: 'ap-southeast-1',
    date: '20261124T120000Z',
    as: OWNER,
  })

/** Signs like the SDKs' V1 signers, which cover the subresource of each operation. */
const byV1 = (call: Call) => {
  const { method, bucket, key = '', query = [] } = call
  const date = now.toUTCString()
  // As the helper sends the MD5 of an empty body.
  const headers = {
    ...call.headers,
    'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==',
    'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
    date,
  }
  const toSign = canonicalStringV1(
    { method, headers: Object.entries(headers), query, ...(bucket === '' ? {} : { bucket, key }) },
    date,
  )
  const signature = createHmac('sha1', OWNER.accessKeySecret).update(toSign).digest('base64')
  const authorization = `OSS ${OWNER.accessKeyId}:${signature}`
  return signedCall({
    ...call,
    port: server.port,
    region: 'ap-southeast-1',
    date: '20261124T120000Z',
    byDateHeader: date,
    headers: { ...headers, authorization },
    as: undefined,
  })
}

describe.each([
  ['V4', byV4],
  ['V1', byV1],
])('with a %s signature, an operation of the official SDKs', (_version, call) => {
  test.each(SDK_OPERATIONS)('%s of the %s, %s: %s', async (method, level, query, name) => {
    const pairs = query
      .split('&')
      .filter((part) => part !== '')
      .map((part): [string, string] => [part.split('=')[0] ?? '', part.split('=')[1] ?? ''])
    const copies = name === 'CopyObject' || name === 'UploadPartCopy'
    const { outcome, answer } = await call({
      method,
      bucket: level === 'service' ? '' : 'photos',
      key: level === 'object' ? 'a.txt' : '',
      query: pairs,
      headers: copies ? { 'x-oss-copy-source': '/photos/none' } : {},
    })
    if (SERVED.has(name)) {
      expect(outcome).not.toMatch(/^(403 Signature|405|50)/)
      return
    }
    expect(outcome).toBe('501 NotImplemented')
    const names = pairs
      .map(([one]) => one)
      .filter((one) => !/^(x-oss-[tr]|wormId|styleName|inv.*Id)/.test(one))
    for (const one of names) expect(answer).toContain(one)
  })
})

test.each([
  ['PUT', 'bucket'],
  ['DELETE', 'bucket'],
  ['GET', 'bucket'],
  ['POST', 'bucket'],
  ['PUT', 'object'],
  ['DELETE', 'object'],
  ['GET', 'object'],
  ['HEAD', 'object'],
  ['GET', 'service'],
])('an unknown subresource is 501 and changes nothing: %s of the %s', async (method, level) => {
  const bucket = level === 'service' ? '' : 'photos'
  const key = level === 'object' ? 'a.txt' : ''
  await byV4({ method: 'PUT', bucket: 'photos', key: 'a.txt' })
  const { outcome, headers } = await byV4({ method, bucket, key, query: [['notYetKnown', '']] })
  expect(outcome.slice(0, 3)).toBe('501')
  const document = Buffer.from(String(headers['x-oss-err'] ?? ''), 'base64').toString()
  if (method === 'HEAD') expect(document).toContain('notYetKnown')
  const { outcome: after } = await byV4({ method: 'GET', bucket: 'photos', key: 'a.txt' })
  expect(after).toBe('200')
})

test.each<[string, string, [string, string][], string]>([
  [
    'POST',
    '',
    [
      ['policy', ''],
      ['comp', 'callback'],
    ],
    'comp&amp;policy',
  ],
  ['GET', 'a.txt', [['x-oss-process', 'image/resize,w_1']], 'x-oss-process'],
  ['DELETE', 'a.txt', [['versionId', 'CAEQ']], 'versionId'],
])('%s /%s with %j is 501 and named', async (method, key, query, header) => {
  await byV4({ method: 'PUT', bucket: 'photos', key: 'a.txt' })
  const { outcome, answer } = await byV4({ method, bucket: 'photos', key, query })
  expect(outcome).toBe('501 NotImplemented')
  expect(answer).toContain(`<Header>${header}</Header>`)
  expect((await byV4({ method: 'GET', bucket: 'photos', key: 'a.txt' })).outcome).toBe('200')
})
