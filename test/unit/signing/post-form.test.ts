import { describe, expect, test } from 'vitest'
import { type PostFormInput, signPostForm } from '../../../app/signing/index.ts'

const exact: PostFormInput = {
  credentials: { accessKeyId: 'LTAI', accessKeySecret: 'secret' },
  region: 'ap-southeast-1',
  bucket: 'photos',
  now: new Date('2026-11-24T23:59:59.999Z'),
  expiresInSeconds: 600,
  target: { key: 'upload/a.png', size: 3, contentType: 'image/png' },
}
const general: PostFormInput = { ...exact, target: { dir: 'upload/', maxSize: 10 } }
const callback = Buffer.from('{"callbackUrl":"http://a.example"}').toString('base64')

function names(input: PostFormInput): string[] {
  return signPostForm(input).fields.map(([name]) => name)
}

describe('the exact form', () => {
  test('V4 pins every field it sends and belongs to the day before midnight', () => {
    const form = signPostForm({ ...exact, callback, fields: { 'x-oss-meta-by': 'me' } })
    expect(form.document).toEqual({
      expiration: '2026-11-25T00:09:59.999Z',
      conditions: [
        { bucket: 'photos' },
        ['eq', '$key', 'upload/a.png'],
        ['content-length-range', 3, 3],
        ['eq', '$success_action_status', '200'],
        ['eq', '$content-type', 'image/png'],
        ['eq', '$x-oss-content-type', 'image/png'],
        ['eq', '$x-oss-forbid-overwrite', 'true'],
        ['eq', '$callback', callback],
        ['eq', '$x-oss-meta-by', 'me'],
        ['eq', '$x-oss-signature-version', 'OSS4-HMAC-SHA256'],
        ['eq', '$x-oss-credential', 'LTAI/20261124/ap-southeast-1/oss/aliyun_v4_request'],
        ['eq', '$x-oss-date', '20261124T235959Z'],
      ],
    })
    expect(JSON.parse(Buffer.from(form.policy, 'base64').toString())).toEqual(form.document)
    expect(form.fields).toEqual([
      ['key', 'upload/a.png'],
      ['success_action_status', '200'],
      ['Content-Type', 'image/png'],
      ['x-oss-content-type', 'image/png'],
      ['x-oss-forbid-overwrite', 'true'],
      ['callback', callback],
      ['x-oss-meta-by', 'me'],
      ['policy', form.policy],
      ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
      ['x-oss-credential', 'LTAI/20261124/ap-southeast-1/oss/aliyun_v4_request'],
      ['x-oss-date', '20261124T235959Z'],
      ['x-oss-signature', form.signature],
    ])
    expect(form.signature).toMatch(/^[0-9a-f]{64}$/)
  })

  test('a millisecond later the day, the date and the signature are the next ones', () => {
    const before = signPostForm(exact)
    const after = signPostForm({ ...exact, now: new Date('2026-11-25T00:00:00.000Z') })
    expect(after.date).toBe('20261125T000000Z')
    expect(after.credential).toBe('LTAI/20261125/ap-southeast-1/oss/aliyun_v4_request')
    expect(after.signature).not.toBe(before.signature)
  })

  test('V1 sends the key id and a base64 signature', () => {
    expect(names({ ...exact, version: 'v1' })).toEqual([
      'key',
      'success_action_status',
      'Content-Type',
      'x-oss-content-type',
      'x-oss-forbid-overwrite',
      'policy',
      'OSSAccessKeyId',
      'signature',
    ])
  })

  test('a security token is sent and pinned', () => {
    const credentials = { ...exact.credentials, securityToken: 'token' }
    for (const version of ['v4', 'v1'] as const) {
      const form = signPostForm({ ...exact, version, credentials })
      expect(form.fields).toContainEqual(['x-oss-security-token', 'token'])
      expect(form.document.conditions).toContainEqual(['eq', '$x-oss-security-token', 'token'])
    }
  })

  test('a dollar in a key is a JSON escape in the policy and plain in the form', () => {
    const form = signPostForm({ ...exact, target: { key: 'a$b', size: 1, contentType: 'a/b' } })
    const json = Buffer.from(form.policy, 'base64').toString()
    expect(json).toContain('["eq","$key","a\\u0024b"]')
    expect(form.fields[0]).toEqual(['key', 'a$b'])
  })
})

describe('the general form demands only what the sample clients send', () => {
  test('V4', () => {
    expect(signPostForm({ ...general, callback }).document.conditions).toEqual([
      { bucket: 'photos' },
      ['starts-with', '$key', 'upload/'],
      ['content-length-range', 0, 10],
      ['eq', '$success_action_status', '200'],
      ['eq', '$x-oss-signature-version', 'OSS4-HMAC-SHA256'],
      ['eq', '$x-oss-credential', 'LTAI/20261124/ap-southeast-1/oss/aliyun_v4_request'],
      ['eq', '$x-oss-date', '20261124T235959Z'],
    ])
  })

  test('V1', () => {
    const form = signPostForm({ ...general, version: 'v1' })
    expect(form.document.conditions).toEqual([
      { bucket: 'photos' },
      ['starts-with', '$key', 'upload/'],
      ['content-length-range', 0, 10],
      ['eq', '$success_action_status', '200'],
    ])
    expect(form.fields[0]).toEqual(['key', 'upload/${filename}'])
  })
})

describe('what OSS would refuse is not signed', () => {
  const object = (key: string, size = 1): Partial<PostFormInput> => ({
    target: { key, size, contentType: 'image/png' },
  })
  test.each<[string, Partial<PostFormInput>, string]>([
    ['no time', { expiresInSeconds: 0 }, 'A signature lives 1 to 604800 whole seconds, not 0'],
    [
      'over seven days',
      { expiresInSeconds: 604_801 },
      'A signature lives 1 to 604800 whole seconds, not 604801',
    ],
    ['no key', object(''), 'An object key is 1 to 1023 bytes of UTF-8, not 0'],
    ['a long key', object('é'.repeat(512)), 'An object key is 1 to 1023 bytes of UTF-8, not 1024'],
    ['a leading slash', object('/a'), 'An object key must not start with "/" or "\\"'],
    ['a leading backslash', object('\\a'), 'An object key must not start with "/" or "\\"'],
    ['half a surrogate pair', object('\ud800'), 'An object key must be well-formed Unicode'],
    [
      'a variable',
      object('upload/${filename}'),
      'An exact object key must not contain ${filename}: OSS would replace it',
    ],
    [
      'over 5 GiB',
      object('a', 5 * 1024 ** 3 + 1),
      'A form uploads 0 to 5368709120 bytes, not 5368709121',
    ],
    ['half a byte', object('a', 0.5), 'A form uploads 0 to 5368709120 bytes, not 0.5'],
    [
      'a bad bucket',
      { bucket: 'A_b' },
      'bucket must be a bucket name: 3 to 63 of a-z, 0-9 and "-"',
    ],
    [
      'an endpoint as region',
      { region: 'oss-cn-hangzhou' },
      'region must be a region like ap-southeast-1, without "oss-", not "oss-cn-hangzhou"',
    ],
    [
      'a callback that is no JSON',
      { callback: 'bm8=' },
      'The callback parameter must be base64 of a JSON object',
    ],
    [
      'a long callback',
      { callback: 'A'.repeat(5121) },
      'The callback parameter takes 5121 bytes; at most 5120 are allowed',
    ],
    [
      'a field of the signature',
      { fields: { 'X-OSS-Credential': 'a' } },
      'The form field "X-OSS-Credential" is set by the form itself',
    ],
    [
      'a name with a line break',
      { fields: { 'a\r\nb': 'a' } },
      '"a\r\nb" is not a name for a form field',
    ],
    [
      'a value with a line break',
      { fields: { 'x-oss-meta-by': 'a\nb' } },
      'The form field "x-oss-meta-by" must not contain line breaks or NUL characters',
    ],
    [
      'a key with a line break',
      object('a\rb'),
      'The form field "key" must not contain line breaks or NUL characters',
    ],
    [
      'no content type',
      { target: { key: 'a', size: 1, contentType: '' } },
      'An exact form needs a content type',
    ],
    ['an invalid date', { now: new Date(Number.NaN) }, 'The time to sign for is not a valid date'],
    [
      'no secret',
      { credentials: { accessKeyId: 'a', accessKeySecret: '' } },
      'Both access key id and secret are needed to sign',
    ],
  ])('%s', (_title, change, message) => {
    expect(() => signPostForm({ ...exact, ...change })).toThrow(
      expect.objectContaining({ name: 'SigningError', message }),
    )
  })

  test('more than 8 MiB of fields', () => {
    const fields = { 'x-oss-meta-a': 'a'.repeat(4 * 1024 ** 2) }
    expect(() => signPostForm({ ...exact, fields })).toThrow(
      /^The form's fields before the file take \d+ bytes; at most 8388608 are allowed\. The largest is "policy" with \d+$/,
    )
  })
})
