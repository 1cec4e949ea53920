import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EmbeddedOss, startEmbeddedOss } from '../../../app/oss/index.ts'
import type { SigningOptions } from '../../../app/server/index.ts'
import { serveApp } from './app-server.ts'

// Every form field of PostObject ("PostObject", Alibaba Cloud OSS documentation), with a value that a
// client could wish for.
const FIELDS: Record<string, string> = {
  'Cache-Control': 'max-age=31536000',
  'Content-Disposition': 'attachment; filename="setup.exe"',
  'Content-Encoding': 'gzip',
  'Content-Type': 'text/html',
  Expires: 'Fri, 01 Jan 2100 00:00:00 GMT',
  OSSAccessKeyId: 'other',
  Signature: 'other',
  callback: Buffer.from('{"callbackUrl":"http://evil.example","callbackBody":"a"}').toString(
    'base64',
  ),
  key: 'upload/other.jpg',
  policy: Buffer.from(
    '{"expiration":"2100-01-01T00:00:00Z","conditions":[{"bucket":"photos"}]}',
  ).toString('base64'),
  success_action_redirect: 'https://evil.example/',
  success_action_status: '201',
  'x-oss-content-type': 'text/html',
  'x-oss-credential': 'other/20260101/ap-southeast-1/oss/aliyun_v4_request',
  'x-oss-date': '20260101T000000Z',
  'x-oss-forbid-overwrite': 'false',
  'x-oss-object-acl': 'public-read',
  'x-oss-security-token': 'other',
  'x-oss-signature': '0'.repeat(64),
  'x-oss-signature-version': 'OSS2',
  'x-oss-meta-by': 'me',
  'x-oss-server-side-encryption': 'AES256',
  'x-oss-storage-class': 'Archive',
  'x:custom': 'a',
}
const PINNED_HEADERS = {
  'cache-control': 'no-cache',
  'content-disposition': 'inline',
  'content-encoding': 'identity',
  'content-type': 'image/jpeg',
  expires: 'Thu, 01 Jan 1970 00:00:00 GMT',
}

let root: string
let oss: EmbeddedOss
const stored: string[] = []

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fields-'))
  oss = await startEmbeddedOss({
    dir: root,
    keys: [{ accessKeyId: 'LTAI', accessKeySecret: 'top-secret' }],
    buckets: [{ name: 'photos' }],
    bucketOfAddress: 'photos',
    onObject: ({ key }) => void stored.push(key),
  })
})

afterAll(async () => {
  await oss.close()
  await rm(root, { recursive: true })
})

async function form(change: Partial<SigningOptions> = {}): Promise<Record<string, string>> {
  const origin = await serveApp({ uploadHost: `http://127.0.0.1:${oss.port}`, ...change })
  const url = `${origin}/signature?name=photo.jpg&type=image/jpeg&size=7`
  return ((await (await fetch(url)).json()) as { fields: Record<string, string> }).fields
}

/** Status of the response; 0 when the embedded OSS refuses before it has read the whole form. */
async function post(fields: Record<string, string>, fileType = 'image/jpeg'): Promise<number> {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  body.append('file', new File(['content'], 'photo.jpg', { type: fileType }))
  const address = `http://127.0.0.1:${oss.port}`
  return fetch(address, { method: 'POST', body, redirect: 'manual' }).then(
    ({ status }) => status,
    () => 0,
  )
}

async function storedMeta(fields: Record<string, string>) {
  const object = await oss.store.find('photos')?.objects.open(String(fields.key))
  object?.stream().destroy()
  return object?.meta
}

describe.each(['v4', 'v1'] as const)('an exact form, %s', (version) => {
  test('stores the object with the pinned headers, whatever type the file has', async () => {
    const fields = await form({ version })
    expect(await post(fields, 'text/html')).toBe(200)
    expect(await storedMeta(fields)).toMatchObject({
      acl: 'default',
      storageClass: 'Standard',
      headers: PINNED_HEADERS,
    })
  })

  test.each(Object.entries(FIELDS))('with another %s', async (name, value) => {
    const fields = await form({ version })
    const sent = Object.keys(fields).find((each) => each.toLowerCase() === name.toLowerCase())
    const before = stored.length
    const status = await post({ ...fields, [sent ?? name]: value })
    if (sent !== undefined) {
      expect(status).not.toBe(200)
      expect(stored.length).toBe(before)
      return
    }
    // No policy can forbid a field that it does not pin; it must change nothing that is pinned.
    expect([0, 200, 203, 400, 403]).toContain(status)
    expect(stored.slice(before).every((key) => key === fields.key)).toBe(true)
    if (stored.length > before) {
      expect(await storedMeta(fields)).toMatchObject({
        acl: 'default',
        storageClass: 'Standard',
        headers: PINNED_HEADERS,
      })
    }
  })
})

test('an operator chooses other values, and no others are accepted', async () => {
  const pinnedFields = { 'Cache-Control': 'max-age=60', 'x-oss-meta-app': 'shop' }
  const fields = await form({ pinnedFields })
  expect(fields).toMatchObject({ ...pinnedFields, 'Content-Disposition': 'inline' })
  const changed = { ...fields, 'x-oss-meta-app': 'other' }
  expect(await post(changed)).not.toBe(200)
  expect(await post(fields)).toBe(200)
})
