import OSS from 'ali-oss'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { additionalHeaderNames } from '../../../app/signing/canonical-request.ts'
import {
  canonicalRequestV4,
  credentialScope,
  encodeKey,
  type PostFormInput,
  type PresignInput,
  presignUrl,
  signPostForm,
  signV4,
  stringToSignV4,
  utcTime,
} from '../../../app/signing/index.ts'

// Longer by hand: PEER_RUNS=20000 npm test -- test/peers/signing
const RUNS = Number(process.env.PEER_RUNS ?? 1000)

const token = (min: number, max: number) =>
  fc.string({
    unit: fc.constantFrom(...'ABCDEFGHJKabcdefghijk0123456789'),
    minLength: min,
    maxLength: max,
  })
const region = fc.oneof(
  fc.constantFrom('cn-hangzhou', 'ap-southeast-1', 'us-west-1', 'eu-central-1'),
  // The SDK takes what begins with `oss-` for an endpoint's name.
  fc.stringMatching(/^[a-z]{2}-[a-z]{4,12}(-\d)?$/),
)
const bucket = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,20}[a-z0-9]$/)
const key = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .filter((k) => k.isWellFormed() && !/^[/\\]|[\0\r\n]/.test(k) && !k.includes('${filename}'))
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((t) => !/[\0\r\n]/.test(t))
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
    securityToken: fc.string({ minLength: 1, maxLength: 200 }),
  },
  { requiredKeys: ['accessKeyId', 'accessKeySecret'] },
)
const target = fc.oneof(
  fc.record({
    key,
    size: fc.integer({ min: 0, max: 5 * 1024 ** 3 }),
    contentType: fc.constantFrom('image/png', 'application/zip', 'text/plain; charset=utf-8'),
    forbidOverwrite: fc.boolean(),
  }),
  fc.record({
    dir: fc.oneof(fc.constantFrom('', 'upload/', '上传/'), key),
    maxSize: fc.integer({ min: 0, max: 5 * 1024 ** 3 }),
  }),
)
const callback = fc
  .record({ callbackUrl: fc.webUrl(), callbackBody: text, callbackBodyType: fc.constant('a/b') })
  .map((parameter) => Buffer.from(JSON.stringify(parameter)).toString('base64'))
const fields = fc
  .dictionary(fc.stringMatching(/^x-oss-meta-[a-z0-9-]{1,10}$|^x:[a-z]{1,8}$/), text, {
    maxKeys: 3,
    noNullPrototype: true,
  })
  .map((all): Record<string, string> => ({ 'Cache-Control': 'no-cache', ...all }))
const form: fc.Arbitrary<PostFormInput> = fc.record(
  {
    credentials: account,
    region,
    bucket,
    now,
    expiresInSeconds: fc.integer({ min: 1, max: 604_800 }),
    target,
    successActionStatus: fc.constantFrom(200 as const, 201 as const, 204 as const),
    callback,
    fields,
  },
  { requiredKeys: ['credentials', 'region', 'bucket', 'now', 'expiresInSeconds', 'target'] },
)

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
  { method: 'HEAD', query: {}, headers: { 'x-oss-meta-a': ' b ' } },
  {
    method: 'GET',
    query: { 'response-content-disposition': "attachment; filename*=UTF-8''照片 (1)!.png" },
    headers: {},
  },
)

/**
 * The policy for the SDK, which writes it as JSON itself: a `$` in a value as the escape that ours
 * has, so that its bytes and not only its meaning are compared.
 */
function policyForSdk(policy: string): object {
  return JSON.parse(Buffer.from(policy, 'base64').toString(), function (this: object, name, value) {
    const isName = Array.isArray(this) && (name === '0' || name === '1')
    if (typeof value !== 'string' || isName || !value.includes('$')) return value
    return rawJson(JSON.stringify(value).replaceAll('$', '\\u0024'))
  })
}

// The library's types do not know this part of the language yet.
const rawJson = Reflect.get(JSON, 'rawJSON') as (json: string) => object

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

/** The SDK's word for a name without a value is null. */
function bare(query: Record<string, string>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value || null]))
}

describe('the official SDK signs the same', () => {
  test('V4 form policies', () => {
    let midnights = 0
    fc.assert(
      fc.property(form, (input) => {
        const signed = signPostForm(input)
        const client = sdk(input.credentials, input)
        const expected = client.signPostObjectPolicyV4(policyForSdk(signed.policy), input.now)
        expect(signed.signature).toBe(expected)
        if (Math.abs(input.now.getTime() - midnight) < 1000) midnights += 1
      }),
      { numRuns: RUNS },
    )
    expect(midnights).toBeGreaterThan(50)
  })

  test('V1 form policies', () => {
    fc.assert(
      fc.property(form, (input) => {
        const signed = signPostForm({ ...input, version: 'v1' })
        const client = sdk(input.credentials, input)
        expect(client.calculatePostSignature(policyForSdk(signed.policy))).toEqual({
          OSSAccessKeyId: input.credentials.accessKeyId,
          Signature: signed.signature,
          policy: signed.policy,
        })
      }),
      { numRuns: RUNS },
    )
  })

  test('V4 Authorization headers', () => {
    const header = fc.record(
      {
        'Content-Type': fc.constantFrom('image/png', 'text/plain; charset=utf-8'),
        'Content-MD5': fc.constant('1B2M2Y8AsgTpgAmY7PhCfg=='),
        'X-Oss-Meta-Author': fc.string({ maxLength: 20 }),
        'x-oss-object-acl': fc.constant('private'),
        Range: fc.constant('bytes=0-9'),
        host: fc.constant('photos.example'),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(form, call, key, header, (input, { method, query }, object, headers) => {
        const { day, date } = utcTime(input.now)
        const sent: Record<string, string> = { ...headers, 'x-oss-date': date }
        const additional = ['host', 'Range'].filter((name) => name in headers)
        const { accessKeyId, accessKeySecret } = input.credentials
        const canonical = canonicalRequestV4({
          method,
          bucket: input.bucket,
          key: object,
          query: Object.entries(query),
          headers: Object.entries(sent),
          additionalHeaders: additional,
        })
        const toSign = stringToSignV4(canonical, date, input.region)
        const names = additionalHeaderNames(additional).join(';')
        const ours =
          `OSS4-HMAC-SHA256 Credential=${accessKeyId}/${credentialScope(day, input.region)},` +
          (names === '' ? '' : `AdditionalHeaders=${names},`) +
          `Signature=${signV4(toSign, accessKeySecret, day, input.region)}`
        const request = { headers: sent, queries: bare(query) }
        const client = sdk(input.credentials, input)
        expect(client.authorizationV4(method, request, input.bucket, object, additional)).toBe(ours)
      }),
      { numRuns: RUNS },
    )
  })

  test('presigned V4 URLs', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    await fc.assert(
      fc.asyncProperty(
        form,
        call,
        key,
        fc.boolean(),
        async (input, { method, query, headers }, object, withHost) => {
          vi.setSystemTime(input.now)
          const endpoint = `https://${input.bucket}.oss-${input.region}.aliyuncs.com`
          const sent = withHost ? { ...headers, host: new URL(endpoint).host } : headers
          const additionalHeaders = withHost ? ['host'] : []
          const url = presignUrl({
            ...input,
            key: object,
            method,
            endpoint,
            query,
            headers: sent,
            additionalHeaders,
          })
          const ours = new URL(url)
          const theirs = new URL(
            await sdk(input.credentials, input).signatureUrlV4(
              method,
              input.expiresInSeconds,
              { headers: sent, queries: bare(query) },
              object,
              additionalHeaders,
            ),
          )
          expect(Object.fromEntries(ours.searchParams)).toEqual(
            Object.fromEntries(theirs.searchParams),
          )
          expect(ours.origin).toBe(theirs.origin)
          expect(url.startsWith(`${endpoint}/${encodeKey(object)}?`)).toBe(true)
        },
      ),
      { numRuns: RUNS },
    )
  })
})
