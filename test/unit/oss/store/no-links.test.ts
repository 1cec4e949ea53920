import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { BucketStore } from '../../../../app/oss/store/bucket-store.ts'

// As a file system that has no hard links, such as that of a memory card.
vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  linkSync: () => {
    throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' })
  },
}))

test('where there are no hard links an object is still not overwritten', async () => {
  const root = await mkdtemp(join(tmpdir(), 'links-'))
  const store = await BucketStore.open(root, 'photos')
  const put = async (content: string) => {
    const staged = await store.stage(Readable.from([Buffer.from(content)]))
    try {
      return await store.put('a.txt', staged, { headers: {}, forbidOverwrite: true })
    } finally {
      await staged.discard()
    }
  }
  const results = await Promise.allSettled([put('first'), put('second')])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await expect(put('third')).rejects.toThrow('The object "a.txt" already exists')
  expect((await store.list({ max: 9 })).objects.map(({ key }) => key)).toEqual(['a.txt'])
  expect(await readdir(join(root, '.oss/staging/photos'))).toEqual([])
  await rm(root, { recursive: true })
})
