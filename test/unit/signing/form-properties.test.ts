import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HmacSha256Key } from '../../../app/signing/hmac-sha256.ts'
import {
  deriveSigningKey,
  encodePolicy,
  type PolicyCondition,
  type PostFormInput,
  signPostForm,
} from '../../../app/signing/index.ts'

const text = fc.string({ unit: 'binary', maxLength: 300 })

test('the keyed HMAC-SHA256 equals createHmac for every key and text', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(
        fc.oneof(
          text,
          text.map((t) => t.repeat(40)),
          fc.constant('é'.repeat(4096)),
        ),
      ),
      (bytes, texts) => {
        const key = new HmacSha256Key(Buffer.from(bytes))
        for (const each of texts) {
          expect(key.hex(each)).toBe(createHmac('sha256', bytes).update(each).digest('hex'))
        }
      },
    ),
    { numRuns: 500 },
  )
})

const printable = fc.string({ minLength: 1, maxLength: 40 })
const plain = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 60 })
  .filter((t) => !/^[/\\]|[\0\r\n]|\$\{filename\}/.test(t))
const input: fc.Arbitrary<PostFormInput> = fc.record(
  {
    version: fc.constantFrom('v4', 'v1'),
    // Few of each, so that the cached signing key is used as often as not.
    credentials: fc.record(
      {
        accessKeyId: fc.constantFrom('LTAI', 'STS."1\\'),
        accessKeySecret: fc.constantFrom('secret', 'other'),
        securityToken: fc.constantFrom('token', 'other $token'),
      },
      { requiredKeys: ['accessKeyId', 'accessKeySecret'] },
    ),
    region: fc.constantFrom('ap-southeast-1', 'cn-hangzhou'),
    bucket: fc.constantFrom('photos', 'films'),
    now: fc.integer({ min: 86_399_000, max: 86_401_999 }).map((time) => new Date(time)),
    expiresInSeconds: fc.integer({ min: 1, max: 604_800 }),
    target: fc.oneof(
      fc.record(
        { key: plain, size: fc.nat(), contentType: plain, forbidOverwrite: fc.boolean() },
        { requiredKeys: ['key', 'size', 'contentType'] },
      ),
      fc.record({ dir: fc.oneof(fc.constant(''), plain), maxSize: fc.nat() }),
    ),
    successActionStatus: fc.constantFrom(200, 201, 204),
    callback: printable.map((t) => Buffer.from(JSON.stringify({ t })).toString('base64')),
    fields: fc.dictionary(fc.constantFrom('Cache-Control', 'x:a$b', 'x-oss-meta-a'), plain),
  },
  { requiredKeys: ['credentials', 'region', 'bucket', 'now', 'expiresInSeconds', 'target'] },
)

/** Builds the conditions of a form as the documentation lists them. */
function conditionsOf(from: PostFormInput, fields: [string, string][]): PolicyCondition[] {
  const { target, version = 'v4' } = from
  const length: [number, number] =
    'key' in target ? [target.size, target.size] : [0, target.maxSize]
  const pinned = fields.filter(([name]) => {
    if (/^(key|policy|OSSAccessKeyId|x-oss-signature|signature)$/.test(name)) return false
    if ('key' in target || name === 'success_action_status') return true
    return version === 'v4' && /^x-oss-(signature-version|credential|date|security)/.test(name)
  })
  return [
    { bucket: from.bucket },
    'key' in target ? ['eq', '$key', target.key] : ['starts-with', '$key', target.dir],
    ['content-length-range', ...length],
    ...pinned.map(([name, value]): PolicyCondition => ['eq', `$${name.toLowerCase()}`, value]),
  ]
}

test('a form has the policy of its fields, and the signature of its policy', () => {
  fc.assert(
    fc.property(fc.array(input, { minLength: 1, maxLength: 8 }), (inputs) => {
      for (const each of inputs) {
        const { credentials, now, version = 'v4', region } = each
        const form = signPostForm(each)
        const expiration = new Date(now.getTime() + each.expiresInSeconds * 1000)
        const document = {
          expiration: expiration.toISOString(),
          conditions: conditionsOf(each, form.fields),
        }
        expect(form.policy).toBe(encodePolicy(document))
        expect(form.document).toEqual(document)
        expect(form.expiration).toEqual(expiration)
        const date = now.toISOString().replaceAll(/\.\d+|[-:]/g, '')
        const day = date.slice(0, 8)
        const credential = `${credentials.accessKeyId}/${day}/${region}/oss/aliyun_v4_request`
        expect([form.date, form.credential]).toEqual(
          version === 'v4' ? [date, credential] : [undefined, undefined],
        )
        const key = [day, region, 'oss', 'aliyun_v4_request'].reduce<string | Buffer>(
          (of, part) => createHmac('sha256', of).update(part).digest(),
          `aliyun_v4${credentials.accessKeySecret}`,
        )
        expect(deriveSigningKey(credentials.accessKeySecret, day, region)).toEqual(key)
        expect(form.signature).toBe(
          version === 'v4'
            ? createHmac('sha256', key).update(form.policy).digest('hex')
            : createHmac('sha1', credentials.accessKeySecret).update(form.policy).digest('base64'),
        )
        const { callback, fields: extra = {}, target } = each
        const token = credentials.securityToken
        const expected: Record<string, string | undefined> = {
          key: 'key' in target ? target.key : `${target.dir}\${filename}`,
          success_action_status: `${each.successActionStatus ?? 200}`,
          ...('key' in target
            ? {
                'Content-Type': target.contentType,
                'x-oss-content-type': target.contentType,
                'x-oss-forbid-overwrite': `${target.forbidOverwrite ?? true}`,
              }
            : {}),
          ...(callback === undefined ? {} : { callback }),
          ...extra,
          policy: form.policy,
          ...(version === 'v4'
            ? {
                'x-oss-signature-version': 'OSS4-HMAC-SHA256',
                'x-oss-credential': credential,
                'x-oss-date': date,
              }
            : { OSSAccessKeyId: credentials.accessKeyId }),
          ...(token === undefined ? {} : { 'x-oss-security-token': token }),
          [version === 'v4' ? 'x-oss-signature' : 'signature']: form.signature,
        }
        expect(form.fields).toEqual(Object.entries(expected))
      }
    }),
    { numRuns: 400 },
  )
})

test('changing a form or a key does not change later forms', () => {
  const one: PostFormInput = {
    credentials: { accessKeyId: 'LTAI', accessKeySecret: 'secret' },
    region: 'ap-southeast-1',
    bucket: 'photos',
    now: new Date(0),
    expiresInSeconds: 600,
    target: { dir: 'upload/', maxSize: 10 },
  }
  const before = structuredClone(signPostForm(one).fields)
  for (const field of signPostForm(one).fields) field[1] = 'changed'
  expect(signPostForm(one).fields).toEqual(before)
  deriveSigningKey('secret', '19700101', 'ap-southeast-1').fill(0)
  expect(signPostForm(one).fields).toEqual(before)
})
