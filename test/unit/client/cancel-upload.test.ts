import { randomBytes } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { memoryStorage } from '../../../app/client/uploader/multipart/memory-storage.ts'
import type {
  MultipartInput,
  MultipartPlatform,
} from '../../../app/client/uploader/multipart/options.ts'
import type { RecordStorage } from '../../../app/client/uploader/multipart/record-storage.ts'
import { uploadMultipart } from '../../../app/client/uploader/multipart/resume-or-start.ts'
import { multipartInput, nodePlatform } from '../../large/node-platform.ts'
import { interceptFetch, multipartBucket, PART, platformWith } from './multipart-bucket.ts'

const bucket = multipartBucket()
let storage: RecordStorage
let controller: AbortController
const cancel = (): void => controller.abort(new Error('cancelled'))

beforeEach(() => {
  storage = memoryStorage()
  controller = new AbortController()
})

/** Uploads until it is cancelled, and checks that nothing is left in the bucket or the storage. */
async function expectNothingLeft(parts: number, change: Partial<MultipartInput>): Promise<void> {
  const input = multipartInput(bucket.serverUrl, new Blob([randomBytes(parts * PART)]), {
    signal: controller.signal,
    ...change,
  })
  await expect(uploadMultipart(input)).rejects.toThrow('cancelled')
  expect(storage.length).toBe(0)
  expect(await bucket.unfinished()).toEqual([])
}

test('cancelled between two parts, nothing is left', async () => {
  await expectNothingLeft(9, {
    platform: platformWith((n, send) => {
      if (n === 3) cancel()
      return send()
    }, storage),
  })
})

test('cancelled while a part is being sent, nothing is left', async () => {
  const platform = nodePlatform(storage)
  await expectNothingLeft(9, {
    platform: {
      ...platform,
      sendPart: (url, part, onProgress, signal) => {
        const onSent = (sentBytes: number): void => {
          onProgress(sentBytes)
          cancel()
        }
        return platform.sendPart(url, part, onSent, signal)
      },
    },
  })
})

test('cancelled while the upload starts, nothing is left', async () => {
  let started = 0
  interceptFetch(
    (method, url) => method === 'POST' && url.includes('uploads'),
    async (send) => {
      cancel()
      const response = await send()
      started = (await bucket.unfinished()).length
      return response
    },
  )
  await expectNothingLeft(2, { platform: nodePlatform(storage) })
  expect(started).toBe(1)
})

test('a blob that is no file on disk is not stored for resuming', async () => {
  await expectNothingLeft(3, {
    lastModifiedMs: undefined,
    platform: platformWith((n, send) => {
      expect(storage.length).toBe(0)
      if (n === 2) cancel()
      return send()
    }, storage),
  })
  const tabLock = {
    acquire: () => Promise.reject(new Error('There is nothing to lock')),
    release: () => {},
  } as unknown as NonNullable<MultipartPlatform['tabLock']>
  const again = multipartInput(bucket.serverUrl, new Blob([randomBytes(3 * PART)]), {
    lastModifiedMs: undefined,
    platform: { ...nodePlatform(storage), tabLock },
  })
  expect((await uploadMultipart(again)).key).toBe('upload/large.bin')
})
