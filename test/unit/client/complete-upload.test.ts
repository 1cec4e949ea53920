import { randomBytes } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { memoryStorage } from '../../../app/client/uploader/multipart/memory-storage.ts'
import { PauseGate } from '../../../app/client/uploader/multipart/pause-gate.ts'
import { uploadMultipart } from '../../../app/client/uploader/multipart/resume-or-start.ts'
import { noResponse, UploadError } from '../../../app/client/uploader/upload-error.ts'
import type { UploadProgress } from '../../../app/client/uploader/upload-progress.ts'
import { multipartInput, nodePlatform } from '../../large/node-platform.ts'
import {
  interceptFetch,
  isCompletion,
  PART,
  partsBucket,
  platformWith,
} from './multipart-bucket.ts'

const bucket = partsBucket()

test('an object that is not what was sent is said to be', async () => {
  interceptFetch(isCompletion, async (real) => {
    const response = await real()
    const headers = new Headers(response.headers)
    headers.set('x-oss-hash-crc64ecma', '1')
    return new Response(await response.text(), { status: response.status, headers })
  })
  const input = multipartInput(bucket.serverUrl, new Blob([randomBytes(2 * PART)]))
  const damaged = new UploadError({ ...noResponse('bucket'), code: 'ObjectDamaged' })
  await expect(uploadMultipart(input)).rejects.toEqual(damaged)
})

test('an answer to the completion that is lost: stored, once', async () => {
  const content = randomBytes(2 * PART)
  let asked = 0
  interceptFetch(isCompletion, async (real) => {
    asked += 1
    const response = await real()
    if (asked > 1) return response
    await response.text()
    throw new TypeError('fetch failed')
  })
  const input = multipartInput(bucket.serverUrl, new Blob([content]))
  expect(await uploadMultipart(input)).toEqual({ key: 'upload/large.bin', status: 200, reply: '' })
  expect(asked).toBe(2)
  expect((await bucket.stored())?.equals(content)).toBe(true)
  expect(await bucket.unfinished()).toEqual([])
})

test('an answer that never comes is taken for lost, and the completion asked for again', async () => {
  const content = randomBytes(2 * PART)
  const late = new AbortController()
  const waits: number[] = []
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    waits.push(ms)
    return late.signal
  })
  let asked = 0
  interceptFetch(isCompletion, async (real, signal) => {
    asked += 1
    if (asked > 1) return real()
    vi.restoreAllMocks()
    late.abort(new DOMException('late', 'TimeoutError'))
    signal?.throwIfAborted()
    return real()
  })
  const input = multipartInput(bucket.serverUrl, new Blob([content]))
  expect(await uploadMultipart(input)).toEqual({ key: 'upload/large.bin', status: 200, reply: '' })
  expect([asked, Math.max(...waits)]).toEqual([2, 300_000])
  expect((await bucket.stored())?.equals(content)).toBe(true)
})

test('a page closed while the bucket completed finds it stored', async () => {
  const content = randomBytes(2 * PART)
  const storage = memoryStorage()
  interceptFetch(isCompletion, async (real) => {
    await real()
    // Nobody is there any more to hear the answer.
    return new Promise<Response>(() => {})
  })
  const data = new Blob([content])
  const closed = multipartInput(bucket.serverUrl, data, { platform: nodePlatform(storage) })
  void uploadMultipart(closed)
  await expect.poll(async () => (await bucket.stored())?.length).toBe(content.length)
  vi.unstubAllGlobals()
  const platform = platformWith(() => {
    throw new Error('Nothing is to be sent')
  }, storage)
  const opened = multipartInput(bucket.serverUrl, data, { platform })
  expect(await uploadMultipart(opened)).toEqual({ key: 'upload/large.bin', status: 200, reply: '' })
  expect((await bucket.stored())?.equals(content)).toBe(true)
  expect(storage.length).toBe(0)
})

test('paused with the last part, it is not completed before it goes on', async () => {
  const gate = new PauseGate()
  let asked = 0
  interceptFetch(isCompletion, (real) => {
    asked += 1
    return real()
  })
  const platform = nodePlatform()
  const input = multipartInput(bucket.serverUrl, new Blob([randomBytes(PART)]), {
    gate,
    platform: {
      ...platform,
      sendPart: async (...given) => {
        const reply = await platform.sendPart(...given)
        gate.pause()
        return reply
      },
    },
  })
  const stored = uploadMultipart(input)
  await expect.poll(() => gate.isPaused).toBe(true)
  await new Promise((done) => setTimeout(done, 100))
  expect([asked, (await bucket.unfinished()).length]).toEqual([0, 1])
  gate.resume()
  expect((await stored).key).toBe('upload/large.bin')
  expect(asked).toBe(1)
})

test('paused while the bucket completes, it is stored all the same', async () => {
  const gate = new PauseGate()
  interceptFetch(isCompletion, (real) => {
    gate.pause()
    return real()
  })
  const steps: UploadProgress['kind'][] = []
  const input = multipartInput(bucket.serverUrl, new Blob([randomBytes(PART)]), {
    gate,
    onStep: ({ kind }) => void steps.push(kind),
  })
  expect((await uploadMultipart(input)).key).toBe('upload/large.bin')
  expect(new Set(steps)).toEqual(new Set(['sending']))
  expect(await bucket.unfinished()).toEqual([])
})

test('a token that ends just before the completion: the upload begins anew, and is stored', async () => {
  let days = 0
  await bucket.start(() => ({
    multipart: { partSize: PART, lifetimeSeconds: 7 * 86_400 },
    now: () => new Date(Date.now() + days * 86_400_000),
  }))
  const content = randomBytes(2 * PART)
  const sent: number[] = []
  let asked = 0
  interceptFetch(
    (_method, url) => url.includes('/multipart/complete'),
    async (real) => {
      asked += 1
      days = asked === 1 ? 8 : 0
      return real().finally(() => {
        days = 0
      })
    },
  )
  const input = multipartInput(bucket.serverUrl, new Blob([content]), {
    platform: platformWith((n) => void sent.push(n)),
  })
  expect((await uploadMultipart(input)).key).toBe('upload/large.bin')
  expect([asked, sent.sort()]).toEqual([2, [1, 1, 2, 2]])
  expect((await bucket.stored())?.equals(content)).toBe(true)
  // Nobody may end the first any more but the bucket's lifecycle.
  expect(await bucket.unfinished()).toHaveLength(1)
})
