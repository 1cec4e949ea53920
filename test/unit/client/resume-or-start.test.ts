import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errorKind } from '../../../app/client/uploader/error-kind.ts'
import { memoryStorage } from '../../../app/client/uploader/multipart/memory-storage.ts'
import { uploadMultipart } from '../../../app/client/uploader/multipart/resume-or-start.ts'
import { ResumeStore } from '../../../app/client/uploader/multipart/resume-store.ts'
import {
  type ErrorDetails,
  noResponse,
  UploadError,
} from '../../../app/client/uploader/upload-error.ts'
import type { UploadProgress } from '../../../app/client/uploader/upload-progress.ts'
import { Crc64 } from '../../../app/crc64/crc64.ts'
import { multipartInput, nodePlatform } from '../../large/node-platform.ts'
import { PART, partOf, partsBucket, platformWith } from './multipart-bucket.ts'

const bucket = partsBucket()

test('progress grows to the whole and speed is told of what was sent', async () => {
  const content = randomBytes(5 * PART + 7)
  const steps: UploadProgress[] = []
  const input = multipartInput(bucket.serverUrl, new Blob([content]), {
    onStep: (step) => void steps.push(step),
  })
  expect(await uploadMultipart(input)).toEqual({ key: 'upload/large.bin', status: 200, reply: '' })
  expect((await bucket.stored())?.equals(content)).toBe(true)
  const sent = steps.map((step) => (step.kind === 'sending' ? step.sent : step.kind))
  expect(sent).toEqual(sent.toSorted((a, b) => Number(a) - Number(b)))
  expect([sent[0], sent.at(-1)]).toEqual([0, content.length])
})

test.each([
  [1, [1]],
  [PART - 1, [PART - 1]],
  [PART, [PART]],
  [PART + 1, [PART, 1]],
  [2 * PART, [PART, PART]],
  [3 * PART, [PART, PART, PART]],
])('%i bytes go in parts of %j, none of them empty', async (size, sizes) => {
  const content = randomBytes(size)
  const platform = nodePlatform()
  const sent: number[] = []
  const input = multipartInput(bucket.serverUrl, new Blob([content]), {
    platform: {
      ...platform,
      sendPart: async (url, part, onProgress, signal) => {
        sent[partOf(url) - 1] = part.size
        return platform.sendPart(url, part, onProgress, signal)
      },
    },
  })
  expect((await uploadMultipart(input)).key).toBe('upload/large.bin')
  expect(sent).toEqual(sizes)
  expect((await bucket.stored())?.equals(content)).toBe(true)
})

test('more parts than one listing holds: what has arrived is not sent again', async () => {
  const content = Buffer.alloc(1003 * PART, 'a')
  const storage = memoryStorage()
  const stop: ErrorDetails = { ...noResponse('bucket'), status: 400, code: 'InvalidArgument' }
  const data = new Blob([content])
  const first = multipartInput(bucket.serverUrl, data, {
    platform: platformWith(() => stop, storage),
  })
  await expect(uploadMultipart(first)).rejects.toThrow(new UploadError(stop).message)
  // What it takes many seconds to send: every part but one is there.
  const [uploadId = ''] = await bucket.unfinished()
  const place = join(bucket.folder, 'oss', '.oss', 'uploads', 'large-bucket', uploadId)
  const bytes = content.subarray(0, PART)
  const crc = new Crc64()
  crc.update(bytes)
  const md5 = createHash('md5').update(bytes).digest('hex').toUpperCase()
  for (let n = 1; n <= 1003; n += 1) {
    if (n === 1002) continue
    const number = String(n).padStart(5, '0')
    await writeFile(join(place, `${number}-${md5}-${crc.digest()}-0`), bytes)
  }
  const gone: number[] = []
  const second = multipartInput(bucket.serverUrl, data, {
    platform: platformWith((n) => void gone.push(n), storage),
  })
  expect((await uploadMultipart(second)).key).toBe('upload/large.bin')
  expect(gone).toEqual([1002])
  expect((await bucket.stored())?.equals(content)).toBe(true)
})

test('a part that arrives damaged is sent again', async () => {
  const content = randomBytes(3 * PART)
  const platform = nodePlatform()
  let damaged = 0
  const input = multipartInput(bucket.serverUrl, new Blob([content]), {
    platform: {
      ...platform,
      sendPart: async (url, part, onProgress, signal) => {
        if (partOf(url) !== 2 || damaged > 0) {
          return platform.sendPart(url, part, onProgress, signal)
        }
        damaged += 1
        const other = new Blob([randomBytes(part.size)])
        return platform.sendPart(url, other, onProgress, signal)
      },
    },
  })
  await uploadMultipart(input)
  expect(damaged).toBe(1)
  expect((await bucket.stored())?.equals(content)).toBe(true)
})

test('a part whose answer is lost is asked for before it is sent again', async () => {
  const content = randomBytes(3 * PART)
  const platform = nodePlatform()
  const sent: number[] = []
  const input = multipartInput(bucket.serverUrl, new Blob([content]), {
    platform: {
      ...platform,
      sendPart: async (url, part, onProgress, signal) => {
        sent.push(partOf(url))
        const reply = await platform.sendPart(url, part, onProgress, signal)
        if (partOf(url) === 2) throw new UploadError(noResponse('bucket'))
        return reply
      },
    },
  })
  expect((await uploadMultipart(input)).key).toBe('upload/large.bin')
  expect(sent.sort()).toEqual([1, 2, 3])
  expect((await bucket.stored())?.equals(content)).toBe(true)
})

test('a file that can be read no longer is said to have changed, at once', async () => {
  // Known before: a part whose checksum was worked out when it was sent first.
  const data = new Blob([randomBytes(PART)])
  let readable = true
  const changing = {
    size: data.size,
    slice: () => changing,
    arrayBuffer: async () => {
      if (!readable) throw new DOMException('fileChanged', 'NotReadableError')
      return data.arrayBuffer()
    },
  } as unknown as Blob
  let tried = 0
  const input = multipartInput(bucket.serverUrl, changing, {
    platform: {
      ...nodePlatform(),
      sendPart: async () => {
        // As a browser tells it: just like a line that is gone.
        await new Promise((done) => setTimeout(done, 50))
        readable = false
        tried += 1
        throw new UploadError(noResponse('bucket'))
      },
    },
  })
  const changed = new UploadError({ ...noResponse('bucket'), code: 'FileChanged' })
  await expect(uploadMultipart(input)).rejects.toEqual(changed)
  expect(tried).toBe(1)
})

test('a server that no longer takes the token: the upload begins anew', async () => {
  const content = randomBytes(3 * PART)
  const storage = memoryStorage()
  const stop: ErrorDetails = { ...noResponse('bucket'), status: 400, code: 'InvalidArgument' }
  const data = new Blob([content])
  const first = multipartInput(bucket.serverUrl, data, {
    platform: platformWith((n) => (n === 3 ? stop : undefined), storage),
  })
  await uploadMultipart(first).catch(() => {})
  const records = new ResumeStore(storage)
  const [record] = records.list(bucket.serverUrl)
  if (record) records.update({ ...record, token: `${record.token.slice(0, -1)}-` })
  const again = multipartInput(bucket.serverUrl, data, { platform: nodePlatform(storage) })
  expect((await uploadMultipart(again)).key).toBe('upload/large.bin')
  expect((await bucket.stored())?.equals(content)).toBe(true)
})

test('a callback is made once the parts are one object; its reply, or its failure, is told', async () => {
  const events: [string, number][] = []
  await bucket.start((serverUrl, oss) => ({
    callbackUrl: `${serverUrl}/callback`,
    fetchPublicKey: async () => oss.callbackPublicKey,
    onUploaded: ({ object, size }) => {
      events.push([object, size])
      if (events.length === 2) throw new Error('not now')
      return { saved: object }
    },
  }))
  const data = new Blob([randomBytes(2 * PART)])
  const file = { name: 'one.bin', type: '', size: data.size, rename: false }
  expect(await uploadMultipart(multipartInput(bucket.serverUrl, data, { file }))).toEqual({
    key: 'upload/one.bin',
    status: 200,
    reply: '{"saved":"upload/one.bin"}',
  })
  const second = { ...file, name: 'two.bin' }
  const failed = await uploadMultipart(multipartInput(bucket.serverUrl, data, { file: second }))
  expect([failed.status, failed.callbackFailure?.code]).toEqual([203, 'CallbackFailed'])
  expect(bucket.reported).toEqual([new Error('not now')])
  expect(events).toEqual([
    ['upload/one.bin', 2 * PART],
    ['upload/two.bin', 2 * PART],
  ])
})

test.each([-20, 20])(
  'a signing server whose clock is %i minutes off is told of at once',
  async (minutes) => {
    await bucket.start(() => ({
      multipart: { partSize: PART },
      now: () => new Date(Date.now() + minutes * 60_000),
    }))
    const steps: UploadProgress['kind'][] = []
    const input = multipartInput(bucket.serverUrl, new Blob([randomBytes(PART)]), {
      onStep: ({ kind }) => void steps.push(kind),
    })
    const error: unknown = await uploadMultipart(input).catch((reason: unknown) => reason)
    expect(error instanceof UploadError && errorKind(error.details)).toBe('clockSkew')
    expect(steps).toEqual(['sending'])
  },
)
