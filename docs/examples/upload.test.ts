import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedOss, startEmbeddedOss } from '@oss-direct-upload/embedded-oss'
import { presignUrl } from '@oss-direct-upload/signing'
import { test as base, expect } from 'vitest'

const credentials = { accessKeyId: 'ID', accessKeySecret: 'SECRET' }

/** Gives a test an OSS of its own, with the bucket `photos`. */
const test = base.extend<{ oss: EmbeddedOss }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the fixtures from the pattern
  oss: async ({}, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'oss-'))
    const buckets = [{ name: 'photos' }]
    const options = { dir, keys: [credentials], buckets, bucketOfAddress: 'photos' }
    const oss = await startEmbeddedOss(options)
    await use(oss)
    await oss.close()
    await rm(dir, { recursive: true })
  },
})

test('what is put can be read', async ({ oss }) => {
  const url = (method: 'GET' | 'PUT') =>
    presignUrl({
      credentials,
      bucket: 'photos',
      region: 'ap-southeast-1',
      endpoint: `http://127.0.0.1:${oss.port}`,
      method,
      key: 'a.txt',
      now: new Date(),
      expiresInSeconds: 60,
    })
  expect((await fetch(url('PUT'), { method: 'PUT', body: Buffer.from('hello') })).status).toBe(200)
  expect(await (await fetch(url('GET'))).text()).toBe('hello')
})
