import { createHash, randomBytes } from 'node:crypto'
import { link, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errorKind, pageError } from '../../../app/client/uploader/error-kind.ts'
import { memoryStorage } from '../../../app/client/uploader/multipart/memory-storage.ts'
import { uploadMultipart } from '../../../app/client/uploader/multipart/resume-or-start.ts'
import { ResumeStore } from '../../../app/client/uploader/multipart/resume-store.ts'
import { noResponse, UploadError } from '../../../app/client/uploader/upload-error.ts'
import type { UploadProgress } from '../../../app/client/uploader/upload-progress.ts'
import { Crc64 } from '../../../app/crc64/crc64.ts'
import { multipartInput, nodePlatform } from '../../large/node-platform.ts'
import { multipartBucket, PART, platformWith, STOP } from './multipart-bucket.ts'

const bucket = multipartBucket()
const stored = { key: 'upload/large.bin', status: 200, callbackReply: '' }

/** Uploads bytes and checks that the bucket has them. */
async function expectStored(
  content: Buffer,
  change: Parameters<typeof multipartInput>[2] = {},
): Promise<void> {
  const input = multipartInput(bucket.serverUrl, new Blob([content as never]), change)
  expect(await uploadMultipart(input)).toEqual(stored)
  expect((await bucket.stored())?.equals(content)).toBe(true)
}

test('progress never decreases and ends with the whole file', async () => {
  const content = randomBytes(5 * PART + 7)
  const reports: UploadProgress[] = []
  await expectStored(content, { onProgress: (progress) => void reports.push(progress) })
  const sent = reports.map((report) => (report.kind === 'sending' ? report.sentBytes : report.kind))
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
])('%i bytes are sent in parts of %j', async (size, sizes) => {
  const sent: number[] = []
  const platform = platformWith((n, send, part) => {
    sent[n - 1] = part.size
    return send()
  })
  await expectStored(randomBytes(size), { platform })
  expect(sent).toEqual(sizes)
})

test('stored parts are not sent again, even when there are more than one list page', async () => {
  const content = Buffer.alloc(1003 * PART, 'a')
  const storage = memoryStorage()
  const data = new Blob([content])
  const first = multipartInput(bucket.serverUrl, data, {
    platform: platformWith(() => Promise.reject(new UploadError(STOP)), storage),
  })
  await expect(uploadMultipart(first)).rejects.toThrow(new UploadError(STOP).message)
  // Puts all parts but one in place, which would take long to send.
  const [uploadId = ''] = await bucket.unfinished()
  const folder = join(bucket.folder, 'oss', '.oss', 'uploads', 'large-bucket', uploadId)
  const bytes = content.subarray(0, PART)
  const crc = new Crc64()
  crc.update(bytes)
  const md5 = createHash('md5').update(bytes).digest('hex').toUpperCase()
  const part = join(bucket.folder, 'part')
  await writeFile(part, bytes)
  for (let n = 1; n <= 1003; n += 1) {
    if (n === 1002) continue
    const number = String(n).padStart(5, '0')
    await link(part, join(folder, `${number}-${md5}-${crc.digest()}-0`))
  }
  const sent: number[] = []
  const platform = platformWith((n, send) => {
    sent.push(n)
    return send()
  }, storage)
  await expectStored(content, { platform })
  expect(sent).toEqual([1002])
})

test('a part that arrives damaged is sent again', async () => {
  let damaged = 0
  const platform = platformWith((n, send, part) => {
    if (n !== 2 || damaged > 0) return send()
    damaged += 1
    return send(new Blob([randomBytes(part.size)]))
  })
  await expectStored(randomBytes(3 * PART), { platform })
  expect(damaged).toBe(1)
})

test('a part whose response is lost is looked up before it is sent again', async () => {
  const sent: number[] = []
  const platform = platformWith(async (n, send) => {
    sent.push(n)
    const reply = await send()
    if (n === 2) throw new UploadError(noResponse('bucket'))
    return reply
  })
  await expectStored(randomBytes(3 * PART), { platform })
  expect(sent.sort()).toEqual([1, 2, 3])
})

test('a file that can no longer be read fails at once', async () => {
  const data = new Blob([randomBytes(PART)])
  let isReadable = true
  const changing = {
    size: data.size,
    slice: () => changing,
    arrayBuffer: async () => {
      if (!isReadable) throw new DOMException('changed', 'NotReadableError')
      return data.arrayBuffer()
    },
  } as unknown as Blob
  let attempts = 0
  const input = multipartInput(bucket.serverUrl, changing, {
    platform: platformWith(async () => {
      // After the checksum has been computed. Browsers report it like a lost connection.
      await new Promise((done) => setTimeout(done, 50))
      isReadable = false
      attempts += 1
      throw new UploadError(noResponse('bucket'))
    }),
  })
  const changed = new UploadError(pageError('fileChanged'))
  await expect(uploadMultipart(input)).rejects.toEqual(changed)
  expect(attempts).toBe(1)
})

test('an upload whose token the server rejects starts again', async () => {
  const content = randomBytes(3 * PART)
  const storage = memoryStorage()
  const first = multipartInput(bucket.serverUrl, new Blob([content]), {
    platform: platformWith(async (n, send) => {
      if (n === 3) throw new UploadError(STOP)
      return send()
    }, storage),
  })
  await uploadMultipart(first).catch(() => {})
  const records = new ResumeStore(storage)
  const [record] = records.list(bucket.serverUrl)
  if (record) records.update({ ...record, token: `${record.token.slice(0, -1)}-` })
  await expectStored(content, { platform: nodePlatform(storage) })
})

test('the callback is sent once the object is complete, and its result is returned', async () => {
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
    callbackReply: '{"saved":"upload/one.bin"}',
  })
  const second = { ...file, name: 'two.bin' }
  const failed = await uploadMultipart(multipartInput(bucket.serverUrl, data, { file: second }))
  expect([failed.status, failed.callbackError?.code]).toEqual([203, 'CallbackFailed'])
  expect(bucket.reported).toEqual([new Error('not now')])
  expect(events).toEqual([
    ['upload/one.bin', 2 * PART],
    ['upload/two.bin', 2 * PART],
  ])
})

test.each([-20, 20])(
  'a server clock that is %i minutes wrong is reported at once',
  async (minutes) => {
    await bucket.start(() => ({
      multipart: { partSize: PART, maxSize: 10_000 * PART },
      now: () => new Date(Date.now() + minutes * 60_000),
    }))
    const reports: UploadProgress['kind'][] = []
    const input = multipartInput(bucket.serverUrl, new Blob([randomBytes(PART)]), {
      onProgress: ({ kind }) => void reports.push(kind),
    })
    const error: unknown = await uploadMultipart(input).catch((reason: unknown) => reason)
    expect(error instanceof UploadError && errorKind(error.details)).toBe('clockSkew')
    expect(reports).toEqual(['sending'])
  },
)
