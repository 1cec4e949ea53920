import { randomBytes } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { pageError } from '../../../app/client/uploader/error-kind.ts'
import { memoryStorage } from '../../../app/client/uploader/multipart/memory-storage.ts'
import { PauseGate } from '../../../app/client/uploader/multipart/pause-gate.ts'
import { uploadMultipart } from '../../../app/client/uploader/multipart/resume-or-start.ts'
import { UploadError } from '../../../app/client/uploader/upload-error.ts'
import type { UploadProgress } from '../../../app/client/uploader/upload-progress.ts'
import { multipartInput, nodePlatform } from '../../large/node-platform.ts'
import {
  interceptFetch,
  isCompletion,
  multipartBucket,
  PART,
  platformWith,
} from './multipart-bucket.ts'

const bucket = multipartBucket()
const stored = { key: 'upload/large.bin', status: 200, callbackReply: '' }

test('an object whose checksum differs from the file fails', async () => {
  interceptFetch(isCompletion, async (send) => {
    const response = await send()
    const headers = new Headers(response.headers)
    headers.set('x-oss-hash-crc64ecma', '1')
    return new Response(await response.text(), { status: response.status, headers })
  })
  const input = multipartInput(bucket.serverUrl, new Blob([randomBytes(2 * PART)]))
  const damaged = new UploadError(pageError('checksumMismatch'))
  await expect(uploadMultipart(input)).rejects.toEqual(damaged)
})

test('a completion whose response is lost is requested again, and the file is stored once', async () => {
  const content = randomBytes(2 * PART)
  let requests = 0
  interceptFetch(isCompletion, async (send) => {
    requests += 1
    const response = await send()
    if (requests > 1) return response
    await response.text()
    throw new TypeError('fetch failed')
  })
  const input = multipartInput(bucket.serverUrl, new Blob([content]))
  expect(await uploadMultipart(input)).toEqual(stored)
  expect(requests).toBe(2)
  expect((await bucket.stored())?.equals(content)).toBe(true)
  expect(await bucket.unfinished()).toEqual([])
})

test('a completion without a response is requested again after its timeout', async () => {
  const content = randomBytes(2 * PART)
  const late = new AbortController()
  const timeouts: number[] = []
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    timeouts.push(ms)
    return late.signal
  })
  let requests = 0
  interceptFetch(isCompletion, async (send, signal) => {
    requests += 1
    if (requests > 1) return send()
    vi.restoreAllMocks()
    late.abort(new DOMException('late', 'TimeoutError'))
    signal?.throwIfAborted()
    return send()
  })
  const input = multipartInput(bucket.serverUrl, new Blob([content]))
  expect(await uploadMultipart(input)).toEqual(stored)
  expect([requests, Math.max(...timeouts)]).toEqual([2, 300_000])
  expect((await bucket.stored())?.equals(content)).toBe(true)
})

test('a page that was closed during the completion finds the file stored', async () => {
  const content = randomBytes(2 * PART)
  const storage = memoryStorage()
  const completed = Promise.withResolvers<void>()
  interceptFetch(isCompletion, async (send) => {
    await send()
    completed.resolve()
    // The page is gone before the response.
    return new Promise<Response>(() => {})
  })
  const data = new Blob([content])
  const first = multipartInput(bucket.serverUrl, data, { platform: nodePlatform(storage) })
  void uploadMultipart(first)
  await completed.promise
  vi.unstubAllGlobals()
  const platform = platformWith(() => {
    throw new Error('No part should be sent')
  }, storage)
  const second = multipartInput(bucket.serverUrl, data, { platform })
  expect(await uploadMultipart(second)).toEqual(stored)
  expect((await bucket.stored())?.equals(content)).toBe(true)
  expect(storage.length).toBe(0)
})

test('an upload that is paused with its last part is completed after it is resumed', async () => {
  const gate = new PauseGate()
  const paused = Promise.withResolvers<void>()
  let requests = 0
  interceptFetch(isCompletion, (send) => {
    requests += 1
    return send()
  })
  const input = multipartInput(bucket.serverUrl, new Blob([randomBytes(PART)]), {
    gate,
    platform: platformWith(async (_, send) => {
      const reply = await send()
      gate.pause()
      paused.resolve()
      return reply
    }),
  })
  const upload = uploadMultipart(input)
  await paused.promise
  await new Promise((done) => setTimeout(done, 100))
  expect([requests, (await bucket.unfinished()).length]).toEqual([0, 1])
  gate.resume()
  expect((await upload).key).toBe('upload/large.bin')
  expect(requests).toBe(1)
})

test('a pause during the completion has no effect', async () => {
  const gate = new PauseGate()
  interceptFetch(isCompletion, (send) => {
    gate.pause()
    return send()
  })
  const reports: UploadProgress['kind'][] = []
  const input = multipartInput(bucket.serverUrl, new Blob([randomBytes(PART)]), {
    gate,
    onProgress: ({ kind }) => void reports.push(kind),
  })
  expect((await uploadMultipart(input)).key).toBe('upload/large.bin')
  expect(new Set(reports)).toEqual(new Set(['sending']))
  expect(await bucket.unfinished()).toEqual([])
})

test('an upload whose token expires before the completion starts again', async () => {
  let days = 0
  await bucket.start(() => ({
    multipart: { partSize: PART, maxSize: 10_000 * PART, lifetimeSeconds: 7 * 86_400 },
    now: () => new Date(Date.now() + days * 86_400_000),
  }))
  const content = randomBytes(2 * PART)
  const sent: number[] = []
  let requests = 0
  interceptFetch(
    (_method, url) => url.includes('/multipart/complete'),
    async (send) => {
      requests += 1
      days = requests === 1 ? 8 : 0
      return send().finally(() => {
        days = 0
      })
    },
  )
  const input = multipartInput(bucket.serverUrl, new Blob([content]), {
    platform: platformWith((n, send) => {
      sent.push(n)
      return send()
    }),
  })
  expect((await uploadMultipart(input)).key).toBe('upload/large.bin')
  expect([requests, sent.sort()]).toEqual([2, [1, 1, 2, 2]])
  expect((await bucket.stored())?.equals(content)).toBe(true)
  // Only the bucket's lifecycle rule can remove the first upload.
  expect(await bucket.unfinished()).toHaveLength(1)
})
