import { beforeAll, describe, expect, test } from 'vitest'
import { presignUrl } from '../../../app/signing/index.ts'
import { OWNER, useEmbeddedOss } from '../../embedded-oss.ts'

const stored = new Date('2026-11-24T12:00:00.500Z')
const server = useEmbeddedOss({ now: () => stored }, 'all')

beforeAll(async () => {
  for (const [key, body] of [
    ['a.txt', '0123456789'],
    ['empty.txt', ''],
  ] as const) {
    await call('PUT', key, { 'Content-Type': 'text/plain', 'x-oss-meta-by': 'me' }, body)
  }
})

function call(
  method: 'GET' | 'HEAD' | 'PUT',
  key: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Response> {
  const url = presignUrl({
    credentials: OWNER,
    region: 'ap-southeast-1',
    bucket: 'photos',
    key,
    method,
    endpoint: server.origin,
    now: stored,
    expiresInSeconds: 60,
    headers,
  })
  return fetch(url, { method, headers, ...(body === undefined ? {} : { body }) })
}

test('an object has its metadata, and HEAD has no body', async () => {
  for (const method of ['GET', 'HEAD'] as const) {
    const response = await call(method, 'a.txt')
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'content-length': '10',
      'content-type': 'text/plain',
      etag: '"781E5E245D69B566979B86E28D23F2C7"',
      'last-modified': 'Tue, 24 Nov 2026 12:00:00 GMT',
      server: 'AliyunOSS',
      'x-oss-hash-crc64ecma': '2838902930144391966',
      'x-oss-meta-by': 'me',
      'x-oss-object-type': 'Normal',
      'x-oss-storage-class': 'Standard',
    })
    expect(await response.text()).toBe(method === 'GET' ? '0123456789' : '')
  }
  expect(await (await call('GET', 'empty.txt')).text()).toBe('')
})

describe('a range', () => {
  test.each<[string, number, string, string | null]>([
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=5-', 206, '56789', 'bytes 5-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=0-10', 200, '0123456789', null],
    ['bytes=10-', 200, '0123456789', null],
    ['bytes=5-3', 200, '0123456789', null],
    ['bytes=0-1,3-4', 200, '0123456789', null],
    ['bytes=-', 200, '0123456789', null],
    ['lines=0-1', 200, '0123456789', null],
  ])('%s', async (range, status, body, contentRange) => {
    const response = await call('GET', 'a.txt', { range })
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual(
      [status, body, contentRange],
    )
  })

  test.each<[string, string, number, string]>([
    ['a.txt', 'bytes=5-99', 206, '56789'],
    ['a.txt', 'bytes=5-3', 200, '0123456789'],
    ['a.txt', 'bytes=10-', 416, 'InvalidRange'],
    ['a.txt', 'bytes=10-20', 416, 'InvalidRange'],
    ['empty.txt', 'bytes=0-', 416, 'InvalidRange'],
  ])('as the standard has it: %s, %s', async (key, range, status, body) => {
    const headers = { range, 'x-oss-range-behavior': 'standard' }
    const response = await call('GET', key, headers)
    const text = await response.text()
    const said = /<Code>(\w+)</.exec(text)?.[1] ?? text
    expect([response.status, said]).toEqual([status, body])
  })
})

describe('under conditions', () => {
  const same = '"781E5E245D69B566979B86E28D23F2C7"'
  const before = 'Tue, 24 Nov 2026 11:59:59 GMT'
  const at = 'Tue, 24 Nov 2026 12:00:00 GMT'
  test.each<[Record<string, string>, number]>([
    [{ 'if-match': same }, 200],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-match': `"other", ${same}` }, 200],
    [{ 'if-none-match': same }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-modified-since': at }, 304],
    [{ 'if-modified-since': before }, 200],
    [{ 'if-modified-since': 'nonsense' }, 200],
    [{ 'if-unmodified-since': at }, 200],
    [{ 'if-unmodified-since': before }, 412],
    [{ 'if-none-match': '"other"', 'if-modified-since': at }, 200],
  ])('%j: %i', async (headers, status) => {
    for (const method of ['GET', 'HEAD'] as const) {
      expect((await call(method, 'a.txt', headers)).status).toBe(status)
    }
  })
})

test('an error of HEAD is in its headers', async () => {
  const response = await call('HEAD', 'none.txt')
  expect([response.status, response.headers.get('x-oss-ec')]).toEqual([404, '0026-00000001'])
  const xml = Buffer.from(response.headers.get('x-oss-err') ?? '', 'base64').toString()
  expect(xml).toContain('<Code>NoSuchKey</Code>')
  expect(xml).toContain('<Key>none.txt</Key>')
})
