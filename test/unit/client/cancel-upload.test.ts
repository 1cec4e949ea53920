import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { memoryStorage } from '../../../app/client/uploader/multipart/memory-storage.ts'
import type { MultipartPlatform } from '../../../app/client/uploader/multipart/options.ts'
import { uploadMultipart } from '../../../app/client/uploader/multipart/resume-or-start.ts'
import { multipartInput, nodePlatform } from '../../large/node-platform.ts'
import { interceptFetch, PART, partsBucket, platformWith } from './multipart-bucket.ts'

const bucket = partsBucket()

test('given up, nothing is left in the bucket or here', async () => {
  const storage = memoryStorage()
  const given = new AbortController()
  const input = multipartInput(bucket.serverUrl, new Blob([randomBytes(9 * PART)]), {
    signal: given.signal,
    platform: platformWith((n) => {
      if (n === 3) given.abort(new Error('cancelled'))
      return undefined
    }, storage),
  })
  await expect(uploadMultipart(input)).rejects.toThrow('cancelled')
  expect(storage.length).toBe(0)
  expect(await bucket.unfinished()).toEqual([])
})

test('given up while a part is on its way, nothing is left', async () => {
  const storage = memoryStorage()
  const given = new AbortController()
  const platform = nodePlatform(storage)
  const input = multipartInput(bucket.serverUrl, new Blob([randomBytes(9 * PART)]), {
    signal: given.signal,
    platform: {
      ...platform,
      sendPart: (url, part, onProgress, signal) => {
        const onSome = (sent: number): void => {
          onProgress(sent)
          given.abort(new Error('cancelled'))
        }
        return platform.sendPart(url, part, onSome, signal)
      },
    },
  })
  await expect(uploadMultipart(input)).rejects.toThrow('cancelled')
  expect(storage.length).toBe(0)
  expect(await bucket.unfinished()).toEqual([])
})

test('given up while it begins, nothing is left', async () => {
  const storage = memoryStorage()
  const given = new AbortController()
  let begun = 0
  interceptFetch(
    (method, url) => method === 'POST' && url.includes('uploads'),
    async (real) => {
      given.abort(new Error('cancelled'))
      const response = await real()
      begun = (await bucket.unfinished()).length
      return response
    },
  )
  const input = multipartInput(bucket.serverUrl, new Blob([randomBytes(2 * PART)]), {
    signal: given.signal,
    platform: nodePlatform(storage),
  })
  await expect(uploadMultipart(input)).rejects.toThrow('cancelled')
  expect(begun).toBe(1)
  expect(storage.length).toBe(0)
  expect(await bucket.unfinished()).toEqual([])
})

test('what is no file on a disk leaves no trace, and is never taken for another', async () => {
  const storage = memoryStorage()
  const given = new AbortController()
  const data = new Blob([randomBytes(3 * PART)])
  const blob = multipartInput(bucket.serverUrl, data, {
    lastModified: undefined,
    signal: given.signal,
    platform: platformWith((n) => {
      expect(storage.length).toBe(0)
      if (n === 2) given.abort(new Error('cancelled'))
      return undefined
    }, storage),
  })
  await expect(uploadMultipart(blob)).rejects.toThrow('cancelled')
  expect(await bucket.unfinished()).toEqual([])
  const tabLock = {
    claim: () => Promise.reject(new Error('There is nothing to claim')),
    release: () => {},
  } as unknown as NonNullable<MultipartPlatform['tabLock']>
  const again = multipartInput(bucket.serverUrl, data, {
    lastModified: undefined,
    platform: { ...nodePlatform(storage), tabLock },
  })
  expect((await uploadMultipart(again)).key).toBe('upload/large.bin')
})
