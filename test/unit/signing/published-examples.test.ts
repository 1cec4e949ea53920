import { createPublicKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { canonicalStringV1 } from '../../../app/oss/access/canonical-string-v1.ts'
import { authenticate } from '../../../app/oss/access/request-signature.ts'
import { isCallbackSigned } from '../../../app/server/callback/signature.ts'
import {
  canonicalRequestV4,
  type PresignInput,
  presignUrl,
  signV4,
  stringToSignV4,
} from '../../../app/signing/index.ts'

// Values that Alibaba Cloud has published: the example request that the tests of its SDKs share
// (V4), and those of the documentation's pages on V1 signatures and on callbacks. No public page
// shows a signed V4 form together with its secret.

const at = (unixSeconds: number): Date => new Date(unixSeconds * 1000)
const query = {
  param1: 'value1',
  '+param1': 'value3',
  '|param1': 'value4',
  '+param2': '',
  '|param2': '',
  param2: '',
}
const others = { 'x-oss-head1': 'value', abc: 'value', ZAbc: 'value', XYZ: 'value' }

test.each([
  [
    'a key',
    '20231216T162057Z',
    {},
    [],
    'e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe',
  ],
  [
    'a temporary key',
    '20231217T034736Z',
    { 'x-oss-security-token': 'token' },
    [],
    'b94a3f999cf85bcdc00d332fbd3734ba03e48382c36fa4d5af5df817395bd9ea',
  ],
  [
    'further headers',
    '20231216T172512Z',
    {},
    ['abc', 'ZAbc'],
    '4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f',
  ],
])('V4 in the header, with %s', (_title, date, more, additionalHeaders, signature) => {
  const headers = {
    ...others,
    'content-type': 'text/plain',
    'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
    'x-oss-date': date,
    ...more,
  }
  const canonical = canonicalRequestV4({
    method: 'PUT',
    bucket: 'bucket',
    key: '1234+-/123/1.txt',
    query: Object.entries(query),
    headers: Object.entries(headers),
    additionalHeaders,
  })
  const toSign = stringToSignV4(canonical, date, 'cn-hangzhou')
  expect(signV4(toSign, 'sk', date.slice(0, 8), 'cn-hangzhou')).toBe(signature)
})

test.each<[string, number, Partial<PresignInput>, string, string | null]>([
  [
    'a key',
    1_702_781_677,
    {},
    'a39966c61718be0d5b14e668088b3fa07601033f6518ac7b523100014269c0fe',
    null,
  ],
  [
    'a temporary key',
    1_702_785_388,
    { credentials: { accessKeyId: 'ak', accessKeySecret: 'sk', securityToken: 'token' } },
    '3817ac9d206cd6dfc90f1c09c00be45005602e55898f26f5ddb06d7892e1f8b5',
    null,
  ],
  [
    'further headers',
    1_702_783_809,
    { additionalHeaders: ['abc', 'ZAbc', 'x-oss-head1'] },
    '6bd984bfe531afb6db1f7550983a741b103a8c58e5e14f83ea474c2322dfa2b7',
    'abc;zabc',
  ],
])('V4 in a URL, with %s', (_title, time, change, signature, additional) => {
  const url = new URL(
    presignUrl({
      credentials: { accessKeyId: 'ak', accessKeySecret: 'sk' },
      region: 'cn-hangzhou',
      bucket: 'bucket',
      key: '1234+-/123/1.txt',
      method: 'PUT',
      endpoint: 'http://bucket.oss-cn-hangzhou.aliyuncs.com',
      now: at(time),
      expiresInSeconds: 599,
      query,
      headers: { ...others, 'content-type': 'application/octet-stream' },
      ...change,
    }),
  )
  expect(url.pathname).toBe('/1234%2B-/123/1.txt')
  expect(url.searchParams.get('x-oss-credential')).toBe(
    'ak/20231217/cn-hangzhou/oss/aliyun_v4_request',
  )
  expect(url.searchParams.get('x-oss-additional-headers')).toBe(additional)
  expect(url.searchParams.get('x-oss-signature')).toBe(signature)
})

const documented = {
  accessKeyId: '44CF9590006BF252F707',
  accessKeySecret: 'OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROV',
}

test('V1 in the header: the embedded OSS takes it, and signs the text that is documented', () => {
  const request = {
    method: 'PUT',
    bucket: 'oss-example',
    key: 'nelson',
    query: [],
    headers: [
      ['Authorization', 'OSS 44CF9590006BF252F707:26NBxoKdsyly4EDv6inkoDft/yA='],
      ['Content-Md5', 'ODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM='],
      ['Content-Type', 'text/html'],
      ['Date', 'Thu, 17 Nov 2005 18:49:58 GMT'],
      ['X-OSS-Meta-Author', 'foo@bar.com'],
      ['X-OSS-Magic', 'abracadabra'],
    ],
  } as const
  expect(canonicalStringV1(request, 'Thu, 17 Nov 2005 18:49:58 GMT')).toBe(
    'PUT\nODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM=\ntext/html\n' +
      'Thu, 17 Nov 2005 18:49:58 GMT\nx-oss-magic:abracadabra\nx-oss-meta-author:foo@bar.com\n' +
      '/oss-example/nelson',
  )
  const now = new Date('2005-11-17T18:50:00Z')
  expect(authenticate(request, [documented], 'cn-hangzhou', now)).toBe(documented)
})

test('V1 in a URL: the embedded OSS takes it', () => {
  const request = {
    method: 'GET',
    bucket: 'oss-example',
    key: 'oss-api.pdf',
    headers: [],
    query: [
      ['OSSAccessKeyId', '44CF9590006BF252F707'],
      ['Expires', '1141889120'],
      ['Signature', 'EwaNTn1erJGkimiJ9WmXgwnANLc='],
    ],
  } as const
  expect(authenticate(request, [documented], 'cn-hangzhou', at(1_141_889_060))).toBe(documented)
})

test('a callback that OSS itself has signed is known as such by the key that OSS publishes', () => {
  const key = createPublicKey(
    '-----BEGIN PUBLIC KEY-----\n' +
      'MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKs/JBGzwUB2aVht4crBx3oIPBLNsjGs\n' +
      'C0fTXv+nvlmklvkcolvpvXLTjaxUHR3W9LXxQ2EHXAJfCB+6H2YF1k8CAwEAAQ==\n' +
      '-----END PUBLIC KEY-----\n',
  )
  const signature = Buffer.from(
    'kKQeGTRccDKyHB3H9vF+xYMSrmhMZjzzl2/kdD1ktNVgbWEfYTQG0G2SU/RaHBovRCE8OkQDjC3uG33esH2txA==',
    'base64',
  )
  const body = Buffer.from('bucket=yonghu-test')
  expect(isCallbackSigned(['/index.php?id=1&index=2'], body, signature, key)).toBe(true)
  expect(isCallbackSigned(['/index.php?id=1&index=3'], body, signature, key)).toBe(false)
})
