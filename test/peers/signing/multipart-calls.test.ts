import OSS from 'ali-oss'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as calls from '../../../app/server/multipart/presigned-calls.ts'
import { PINNED_FIELDS, pinnedHeaders } from '../../../app/server/upload/pinned-fields.ts'
import { partCount } from '../../../app/signing/multipart-limits.ts'

// Five signatures a run. Longer by hand: PEER_RUNS=20000 npm test -- test/peers/signing
const RUNS = Number(process.env.PEER_RUNS ?? 300)

const key = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .filter((k) => k.isWellFormed() && !/^[/\\]|[\0\r\n]/.test(k))
const upload = fc
  .record({
    key,
    contentType: fc.constantFrom('image/png', 'application/zip', 'text/plain; charset=utf-8'),
    size: fc.integer({ min: 1, max: 100 * 1024 ** 3 }),
    partSize: fc.integer({ min: 100 * 1024, max: 64 * 1024 ** 2 }),
  })
  .map((some) => ({ ...some, expires: 0 }))
const uploadId = fc.stringMatching(/^[0-9A-F]{32}$/)
const signer = fc
  .record(
    {
      accessKeyId: fc.stringMatching(/^[A-Za-z0-9]{8,24}$/),
      accessKeySecret: fc.stringMatching(/^[A-Za-z0-9]{8,40}$/),
      securityToken: fc.string({ minLength: 1, maxLength: 200 }),
    },
    { requiredKeys: ['accessKeyId', 'accessKeySecret'] },
  )
  .chain((credentials) =>
    fc.record({
      credentials: fc.constant(credentials),
      region: fc.constantFrom('cn-hangzhou', 'ap-southeast-1'),
      bucket: fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,20}[a-z0-9]$/),
      now: fc.date({
        min: new Date('2020-01-01T00:00:00Z'),
        max: new Date('2099-12-31T23:59:59.999Z'),
        noInvalidDate: true,
      }),
      expiresInSeconds: fc.integer({ min: 1, max: 604_800 }),
    }),
  )
  .map((some) => ({
    ...some,
    endpoint: `https://${some.bucket}.oss-${some.region}.aliyuncs.com`,
  }))

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  // The SDK advises a token refresh for every client that is made with a token.
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('the official SDK signs every step of an upload in parts the same', async () => {
  await fc.assert(
    fc.asyncProperty(signer, upload, uploadId, fc.nat(), async (by, what, id, some) => {
      vi.setSystemTime(by.now)
      const { accessKeyId, accessKeySecret, securityToken } = by.credentials
      const client = new OSS({
        accessKeyId,
        accessKeySecret,
        ...(securityToken === undefined ? {} : { stsToken: securityToken }),
        region: `oss-${by.region}`,
        bucket: by.bucket,
        secure: true,
      })
      const same = async (
        method: string,
        url: string,
        headers: Record<string, string>,
        queries: Record<string, string | null>,
        additional: string[] = [],
      ): Promise<void> => {
        const theirs = await client.signatureUrlV4(
          method,
          by.expiresInSeconds,
          { headers, queries },
          what.key,
          additional,
        )
        expect(Object.fromEntries(new URL(url).searchParams)).toEqual(
          Object.fromEntries(new URL(theirs).searchParams),
        )
        expect(new URL(url).origin).toBe(new URL(theirs).origin)
      }
      const n = 1 + (some % partCount(what.size, what.partSize))
      const part = calls.signPart(by, what, id, n)
      await same(
        'PUT',
        part.url,
        { 'content-length': String(part.size) },
        {
          partNumber: String(n),
          uploadId: id,
        },
        ['content-length'],
      )
      const pinned = pinnedHeaders(PINNED_FIELDS)
      const initiate = calls.signInitiate(by, what, pinned)
      await same(
        initiate.method,
        initiate.url,
        initiate.headers,
        { uploads: null },
        Object.keys(pinned),
      )
      const complete = calls.signComplete(by, what, id, 'Y2FsbGJhY2s=')
      await same(complete.method, complete.url, complete.headers, { uploadId: id })
      const abort = calls.signAbort(by, what, id)
      await same(abort.method, abort.url, abort.headers, { uploadId: id })
      const list = calls.signList(by, what, id, n)
      await same(list.method, list.url, list.headers, {
        uploadId: id,
        'part-number-marker': String(n),
      })
    }),
    { numRuns: RUNS },
  )
}, 120_000)
