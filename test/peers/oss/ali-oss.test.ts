import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import OSS from 'ali-oss'
import { describe, expect, test } from 'vitest'
import { OWNER, useEmbeddedOss } from '../../embedded-oss.ts'

// The official SDK as client of the embedded OSS.

const RAM = {
  accessKeyId: 'RAM',
  accessKeySecret: 'ram-secret',
  policies: [
    {
      Version: '1' as const,
      Statement: [
        {
          Effect: 'Allow' as const,
          Action: 'oss:PutObject',
          Resource: 'acs:oss:*:*:photos/upload/*',
        },
      ],
    },
  ],
}
const server = useEmbeddedOss({ keys: [OWNER, RAM] })

function client(v4: boolean, credentials = OWNER): OSS {
  return new OSS({
    ...credentials,
    region: 'oss-ap-southeast-1',
    endpoint: server.origin,
    cname: true,
    bucket: 'photos',
    authorizationV4: v4,
  })
}

describe.each([true, false])('with V4: %s', (v4) => {
  test('put, head, get, range, delete', async () => {
    const content = randomBytes(300_000)
    const headers = { 'x-oss-meta-author': 'me', 'Content-Type': 'image/png' }
    const put = await client(v4).put('文件 夹/a+b&c.png', content, { headers })
    expect(put.res.status).toBe(200)
    const head = await client(v4).head('文件 夹/a+b&c.png')
    expect(head.meta).toEqual({ author: 'me' })
    const got = await client(v4).get('文件 夹/a+b&c.png')
    expect(got.content.equals(content)).toBe(true)
    expect(got.res.headers['content-type']).toBe('image/png')
    const part = await client(v4).get('文件 夹/a+b&c.png', { headers: { Range: 'bytes=5-9' } })
    expect([part.res.status, part.content.equals(content.subarray(5, 10))]).toEqual([206, true])
    expect((await client(v4).delete('文件 夹/a+b&c.png')).res.status).toBe(204)
    await expect(client(v4).head('文件 夹/a+b&c.png')).rejects.toMatchObject({ status: 404 })
    await expect(client(v4).get('文件 夹/a+b&c.png')).rejects.toMatchObject({
      code: 'NoSuchKey',
      status: 404,
    })
  })

  test('list by pages and folders, delete many', async () => {
    for (const name of ['a/1', 'a/2', 'b/1', 'c', 'd'])
      await client(v4).put(name, Buffer.from(name))
    const folders = await client(v4).listV2({ delimiter: '/' })
    expect(folders.prefixes).toEqual(['a/', 'b/'])
    expect(folders.objects.map(({ name, size }) => [name, size])).toEqual([
      ['c', 1],
      ['d', 1],
    ])
    const names: string[] = []
    let token: string | undefined
    do {
      const query: Record<string, string> = { 'max-keys': '2' }
      if (token) query['continuation-token'] = token
      const page = await client(v4).listV2(query)
      names.push(...(page.objects ?? []).map(({ name }) => name))
      token = page.nextContinuationToken ?? undefined
    } while (token)
    expect(names).toEqual(['a/1', 'a/2', 'b/1', 'c', 'd'])
    const deleted = await client(v4).deleteMulti(['a/1', 'c', 'never'])
    expect(deleted.deleted?.map(({ Key }) => Key)).toEqual(['a/1', 'c', 'never'])
    const left = await client(v4).list({ 'max-keys': 10 })
    expect(left.objects.map(({ name }) => name)).toEqual(['a/2', 'b/1', 'd'])
  })

  test('multipart: a file in parts, its parts listed, an upload given up', async () => {
    const content = randomBytes(1_000_000)
    const path = join(server.root, 'big.bin')
    await writeFile(path, content)
    const done = await client(v4).multipartUpload('big.bin', path, { partSize: 200 * 1024 })
    expect(done.res.status).toBe(200)
    expect((await client(v4).get('big.bin')).content.equals(content)).toBe(true)
    const { uploadId } = await client(v4).initMultipartUpload('half.bin')
    await client(v4).uploadPart('half.bin', uploadId, 1, path, 0, 200_000)
    await client(v4).uploadPart('half.bin', uploadId, 2, path, 200_000, 300_000)
    const { parts } = await client(v4).listParts('half.bin', uploadId)
    expect(parts.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      ['1', '200000'],
      ['2', '100000'],
    ])
    const uploads = await client(v4).listUploads({})
    expect(uploads.uploads.map(({ name }) => name)).toEqual(['half.bin'])
    await client(v4).abortMultipartUpload('half.bin', uploadId)
    expect((await client(v4).listUploads({})).uploads).toEqual([])
  })

  test('a wrong secret and a key that may only put', async () => {
    const wrong = client(v4, { accessKeyId: 'LTAI', accessKeySecret: 'other' })
    await expect(wrong.put('a', Buffer.from('a'))).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
      status: 403,
    })
    const ram = client(v4, { accessKeyId: 'RAM', accessKeySecret: 'ram-secret' })
    expect((await ram.put('upload/a', Buffer.from('a'))).res.status).toBe(200)
    for (const refused of [
      ram.put('elsewhere', Buffer.from('a')),
      ram.get('upload/a'),
      ram.delete('upload/a'),
      ram.listV2({}),
    ]) {
      await expect(refused).rejects.toMatchObject({ code: 'AccessDenied', status: 403 })
    }
  })
})

test('presigned URLs, V4 and V1', async () => {
  const put = await client(true).signatureUrlV4('PUT', 60, undefined, '照片.txt')
  // A Content-Type is always signed, so one that was not may not be sent.
  expect((await fetch(put, { method: 'PUT', body: 'typed as text' })).status).toBe(403)
  expect((await fetch(put, { method: 'PUT', body: Buffer.from('signed') })).status).toBe(200)
  const get = await client(true).signatureUrlV4('GET', 60, undefined, '照片.txt')
  expect(await (await fetch(get)).text()).toBe('signed')
  expect((await fetch(get.replace('%E7', '%E8'))).status).toBe(403)
  // The SDK makes no such URL for an address, and V1 does not sign the host.
  const named = new OSS({
    ...OWNER,
    region: 'oss-ap-southeast-1',
    endpoint: `http://photos.localhost:${server.port}`,
    cname: true,
    bucket: 'photos',
  })
  const v1 = named
    .signatureUrl('照片.txt', { expires: 60 })
    .replace('photos.localhost', '127.0.0.1')
  expect(await (await fetch(v1)).text()).toBe('signed')
  expect((await fetch(v1.replace(/Expires=\d+/, 'Expires=1'))).status).toBe(403)
  expect((await fetch(`${server.origin}/%E7%85%A7%E7%89%87.txt`)).status).toBe(403)
})
