import OSS from 'ali-oss'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type PresignInput, presignUrl, signPostForm } from '../../../app/signing/index.ts'

const RUNS = 1000

const token = (min: number, max: number) =>
  fc.string({
    unit: fc.constantFrom(...'ABCDEFGHJKabcdefghijk0123456789'),
    minLength: min,
    maxLength: max,
  })
const region = fc.constantFrom('cn-hangzhou', 'ap-southeast-1', 'us-west-1', 'eu-central-1')
const bucket = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,20}[a-z0-9]$/)
const key = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .filter((k) => k.isWellFormed() && !/^[/\\?]/.test(k) && !k.includes('${filename}'))
// The SDK parses a policy and writes it anew, with `$` plain where ours has a JSON escape.
const plain = (text: fc.Arbitrary<string>) => text.filter((t) => !t.includes('$'))
const midnight = Date.UTC(2026, 10, 25)
const now = fc.oneof(
  fc.integer({ min: -2000, max: 2000 }).map((ms) => new Date(midnight + ms)),
  fc.date({
    min: new Date('2020-01-01T00:00:00Z'),
    max: new Date('2099-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  }),
)
const account = fc.record(
  {
    accessKeyId: token(8, 24),
    accessKeySecret: token(8, 40),
    securityToken: plain(fc.string({ minLength: 1, maxLength: 200 })),
  },
  { requiredKeys: ['accessKeyId', 'accessKeySecret'] },
)
const target = fc.oneof(
  fc.record({
    key: plain(key),
    size: fc.integer({ min: 0, max: 5 * 1024 ** 3 }),
    contentType: fc.constantFrom('image/png', 'application/zip', 'text/plain; charset=utf-8'),
  }),
  fc.record({
    dir: fc.constantFrom('', 'upload/', '上传/'),
    maxSize: fc.integer({ min: 0, max: 1e9 }),
  }),
)
const form = fc.record({
  credentials: account,
  region,
  bucket,
  now,
  expiresInSeconds: fc.integer({ min: 1, max: 604_800 }),
  target,
})

function sdk(
  credentials: { accessKeyId: string; accessKeySecret: string; securityToken?: string },
  where: { region: string; bucket: string },
): OSS {
  return new OSS({
    accessKeyId: credentials.accessKeyId,
    accessKeySecret: credentials.accessKeySecret,
    ...(credentials.securityToken === undefined ? {} : { stsToken: credentials.securityToken }),
    region: `oss-${where.region}`,
    bucket: where.bucket,
    secure: true,
  })
}

beforeEach(() => {
  // The SDK advises a token refresh for every client that is made with a token.
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('the official SDK signs the same', () => {
  test('V4 form policies', () => {
    fc.assert(
      fc.property(form, (input) => {
        const signed = signPostForm(input)
        const json = Buffer.from(signed.policy, 'base64').toString('utf8')
        const client = sdk(input.credentials, input)
        expect(signed.signature).toBe(client.signPostObjectPolicyV4(json, input.now))
      }),
      { numRuns: RUNS },
    )
  })

  test('V1 form policies', () => {
    fc.assert(
      fc.property(form, (input) => {
        const signed = signPostForm({ ...input, version: 'v1' })
        const json = Buffer.from(signed.policy, 'base64').toString('utf8')
        const expected = sdk(input.credentials, input).calculatePostSignature(json)
        expect(expected).toEqual({
          OSSAccessKeyId: input.credentials.accessKeyId,
          Signature: signed.signature,
          policy: signed.policy,
        })
      }),
      { numRuns: RUNS },
    )
  })

  const call = fc.constantFrom<
    Pick<PresignInput, 'method'> & {
      query: Record<string, string>
      headers: Record<string, string>
    }
  >(
    { method: 'GET', query: {}, headers: {} },
    { method: 'PUT', query: {}, headers: { 'Content-Type': 'image/png' } },
    { method: 'PUT', query: {}, headers: { 'x-oss-forbid-overwrite': 'true' } },
    { method: 'POST', query: { uploads: '' }, headers: {} },
    { method: 'PUT', query: { partNumber: '7', uploadId: '0004B9894A22E5B1' }, headers: {} },
    { method: 'POST', query: { uploadId: '0004B9894A22E5B1' }, headers: {} },
    { method: 'GET', query: { uploadId: '0004B9894A22E5B1' }, headers: {} },
    { method: 'DELETE', query: { uploadId: '0004B9894A22E5B1' }, headers: {} },
  )

  test('presigned V4 URLs', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    await fc.assert(
      fc.asyncProperty(
        form,
        call,
        key.filter((k) => !/^\s|\s$/.test(k)),
        fc.boolean(),
        async (input, { method, query, headers }, object, withHost) => {
          vi.setSystemTime(input.now)
          const endpoint = `https://${input.bucket}.oss-${input.region}.aliyuncs.com`
          const sent = withHost ? { ...headers, host: new URL(endpoint).host } : headers
          const additionalHeaders = withHost ? ['host'] : []
          const ours = new URL(
            presignUrl({
              ...input,
              key: object,
              method,
              endpoint,
              query,
              headers: sent,
              additionalHeaders,
            }),
          )
          // The SDK's word for a name without a value is null.
          const bare = Object.fromEntries(Object.entries(query).map(([k, v]) => [k, v || null]))
          const theirs = new URL(
            await sdk(input.credentials, input).signatureUrlV4(
              method,
              input.expiresInSeconds,
              { headers: sent, queries: bare },
              object,
              additionalHeaders,
            ),
          )
          expect(Object.fromEntries(ours.searchParams)).toEqual(
            Object.fromEntries(theirs.searchParams),
          )
          expect(ours.origin).toBe(theirs.origin)
        },
      ),
      { numRuns: RUNS },
    )
  })
})
