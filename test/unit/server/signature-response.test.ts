import fc from 'fast-check'
import { expect, test } from 'vitest'
import { signatureJson } from '../../../app/server/signature/signature-response.ts'
import { type PostFormInput, signPostForm } from '../../../app/signing/index.ts'

const name = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 60 })
  .filter((text) => !/^[/\\]|[\0\r\n]|\$\{filename\}/.test(text))
const input: fc.Arbitrary<PostFormInput> = fc.record(
  {
    version: fc.constantFrom('v4', 'v1'),
    credentials: fc.record(
      { accessKeyId: name, accessKeySecret: fc.constant('secret'), securityToken: name },
      { requiredKeys: ['accessKeyId', 'accessKeySecret'] },
    ),
    region: fc.constant('ap-southeast-1'),
    bucket: fc.constant('photos'),
    now: fc.integer({ min: 0, max: 4e12 }).map((time) => new Date(time)),
    expiresInSeconds: fc.integer({ min: 1, max: 604_800 }),
    target: fc.oneof(
      fc.record({ key: name, size: fc.nat(), contentType: name }),
      fc.record({ dir: name, maxSize: fc.nat() }),
    ),
    callback: name.map((text) => Buffer.from(JSON.stringify({ text })).toString('base64')),
  },
  { requiredKeys: ['credentials', 'region', 'bucket', 'now', 'expiresInSeconds', 'target'] },
)

test('the answer is what JSON.stringify writes of it, byte for byte', () => {
  fc.assert(
    fc.property(input, name, name, (from, host, dir) => {
      const form = signPostForm(from)
      const { callback, credentials, target } = from
      const { securityToken } = credentials
      const answer = {
        accessid: credentials.accessKeyId,
        host,
        policy: form.policy,
        signature: form.signature,
        expire: Math.floor(form.expiration.getTime() / 1000),
        dir,
        ...(callback === undefined ? {} : { callback }),
        ...(form.date === undefined
          ? {}
          : {
              x_oss_signature_version: 'OSS4-HMAC-SHA256',
              x_oss_credential: form.credential,
              x_oss_date: form.date,
            }),
        ...(securityToken === undefined ? {} : { security_token: securityToken }),
        url: host,
        method: 'POST',
        fields: Object.fromEntries(form.fields),
        ...('key' in target ? { key: target.key } : {}),
      }
      expect(signatureJson(form, from, host, dir)).toBe(JSON.stringify(answer))
    }),
    { numRuns: 500 },
  )
})
