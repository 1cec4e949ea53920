import { describe, expect, test } from 'vitest'
import type { SigningOptions } from '../../../app/server/index.ts'
import { serveApp } from './app-server.ts'
import { embeddedBucket, postForm } from './embedded-bucket.ts'

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

const bucket = embeddedBucket()

async function form(change: Partial<SigningOptions> = {}): Promise<Record<string, string>> {
  const origin = await serveApp({ uploadHost: bucket.address, ...change })
  const url = `${origin}/signature?name=photo.jpg&type=image/jpeg&size=7`
  return ((await (await fetch(url)).json()) as { fields: Record<string, string> }).fields
}

async function storedMeta(fields: Record<string, string>) {
  const object = await bucket.oss.store.find('photos')?.objects.open(String(fields.key))
  object?.stream().destroy()
  return object?.meta
}

describe.each(['v4', 'v1'] as const)('an exact form, %s', (version) => {
  test('stores the object with the pinned headers, whatever type the file has', async () => {
    const fields = await form({ version })
    expect(
      await postForm(
        bucket.address,
        fields,
        new File(['content'], 'a.html', { type: 'text/html' }),
      ),
    ).toBe(200)
    expect(await storedMeta(fields)).toMatchObject({
      acl: 'default',
      storageClass: 'Standard',
      headers: PINNED_HEADERS,
    })
  })

  test.each(Object.entries(FIELDS))('with another %s', async (name, value) => {
    const fields = await form({ version })
    const sent = Object.keys(fields).find((each) => each.toLowerCase() === name.toLowerCase())
    const status = await postForm(bucket.address, { ...fields, [sent ?? name]: value })
    if (sent !== undefined) {
      expect(status).not.toBe(200)
      expect(bucket.stored).toEqual([])
      return
    }
    // No policy can forbid a field that it does not pin; it must change nothing that is pinned.
    expect([0, 200, 203, 400, 403]).toContain(status)
    expect(bucket.stored.every((key) => key === fields.key)).toBe(true)
    if (bucket.stored.length > 0) {
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
  expect(await postForm(bucket.address, changed)).not.toBe(200)
  expect(await postForm(bucket.address, fields)).toBe(200)
})
