import { expect, test } from 'vitest'
import { OWNER, useEmbeddedOss } from '../../embedded-oss.ts'
import { type SignedCall, signedCall } from './signed-call.ts'

const region = 'ap-southeast-1'
const date = '20261124T120000Z'
const user = {
  accessKeyId: 'RAM',
  accessKeySecret: 'other',
  principalId: '277379621561571234',
  policies: [
    {
      Version: '1' as const,
      Statement: [{ Effect: 'Allow' as const, Action: '*', Resource: '*' }],
    },
  ],
}
const server = useEmbeddedOss({ keys: [OWNER, user], now: () => new Date('2026-11-24T12:00:00Z') })

function call(method: string, ask: Partial<SignedCall> = {}) {
  return signedCall({
    port: server.port,
    region,
    date,
    method,
    bucket: 'photos',
    as: OWNER,
    ...ask,
  })
}

const asked: Partial<SignedCall> = { query: [['overwriteConfig', '']] }
const config = (...rules: string[]): Partial<SignedCall> => ({
  ...asked,
  body: `<OverwriteConfiguration>${rules.map((rule) => `<Rule>${rule}</Rule>`).join('')}</OverwriteConfiguration>`,
})

test('rules are put, returned and deleted', async () => {
  expect((await call('GET', asked)).outcome).toBe('404 NoSuchBucketOverwriteConfig')
  const rule =
    '<ID>rule1</ID><Action>forbid</Action><Prefix>a/</Prefix><Suffix></Suffix><Principals><Principal>1</Principal></Principals>'
  expect((await call('PUT', config(rule))).outcome).toBe('200')
  expect((await call('GET', asked)).answer).toBe(
    `<?xml version="1.0" encoding="UTF-8"?>
<OverwriteConfiguration>
  <Rule>
    <ID>rule1</ID>
    <Action>forbid</Action>
    <Prefix>a/</Prefix>
    <Principals>
      <Principal>1</Principal>
    </Principals>
  </Rule>
</OverwriteConfiguration>
`,
  )
  expect((await call('DELETE', asked)).outcome).toBe('204')
  expect((await call('DELETE', asked)).outcome).toBe('204')
  expect((await call('GET', asked)).outcome).toBe('404 NoSuchBucketOverwriteConfig')
})

test('a rule without an ID gets one', async () => {
  await call('PUT', config('<Action>forbid</Action>'))
  expect((await call('GET', asked)).answer).toMatch(/<ID>[0-9a-f-]{36}<\/ID>/)
})

test('a malformed configuration is refused', async () => {
  const refused = '400 MalformedXML'
  expect((await call('PUT', config())).outcome).toBe(refused)
  expect((await call('PUT', config('<Action>allow</Action>'))).outcome).toBe(refused)
  const long = `<Action>forbid</Action><Prefix>${'x'.repeat(1024)}</Prefix>`
  expect((await call('PUT', config(long))).outcome).toBe(refused)
  const many = Array.from({ length: 101 }, () => '<Action>forbid</Action>')
  expect((await call('PUT', config(...many))).outcome).toBe(refused)
})

test('a matching object is written once, whatever the operation', async () => {
  await call('PUT', config('<Action>forbid</Action><Prefix>up/</Prefix><Suffix>.jpg</Suffix>'))
  const put = async (key: string, headers = {}) =>
    (await call('PUT', { key, body: 'x', headers })).outcome
  expect(await put('up/a.jpg')).toBe('200')
  expect(await put('up/a.jpg')).toBe('409 FileAlreadyExists')
  expect(await put('up/a.jpg', { 'x-oss-copy-source': '/photos/up/a.jpg' })).toBe(
    '409 FileAlreadyExists',
  )
  expect(await put('up/a.jpg', { 'x-oss-forbid-overwrite': 'false' })).toBe('409 FileAlreadyExists')
  for (const key of ['up/a.png', 'down/a.jpg']) {
    expect(await put(key)).toBe('200')
    expect(await put(key)).toBe('200')
  }
  expect((await call('DELETE', { key: 'up/a.jpg' })).outcome).toBe('204')
  expect(await put('up/a.jpg')).toBe('200')
})

test('a multipart upload is checked when it is completed', async () => {
  await call('PUT', config('<Action>forbid</Action>'))
  await call('PUT', { key: 'a', body: 'before' })
  const begun = await call('POST', { key: 'a', query: [['uploads', '']] })
  const uploadId = /<UploadId>(\w+)</.exec(begun.answer)?.[1] ?? ''
  const query: [string, string][] = [
    ['partNumber', '1'],
    ['uploadId', uploadId],
  ]
  const part = await call('PUT', { key: 'a', query, body: 'after' })
  const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers.etag}</ETag></Part></CompleteMultipartUpload>`
  const complete = { key: 'a', query: [['uploadId', uploadId]] as [string, string][], body }
  expect((await call('POST', complete)).outcome).toBe('409 FileAlreadyExists')
  expect((await call('GET', { key: 'a' })).answer).toBe('before')
})

test('principals limit a rule to the callers they name', async () => {
  const { principalId } = user
  await call(
    'PUT',
    config(`<Action>forbid</Action><Principals><Principal>${principalId}</Principal></Principals>`),
  )
  await call('PUT', { key: 'a', body: 'x' })
  expect((await call('PUT', { key: 'a', body: 'y' })).outcome).toBe('200')
  expect((await call('PUT', { key: 'a', body: 'z', as: user })).outcome).toBe(
    '409 FileAlreadyExists',
  )
})
