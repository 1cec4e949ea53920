import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryStorage } from '../../../app/client/parts/memory-storage.ts'
import type { PartsPlatform } from '../../../app/client/parts/parts-input.ts'
import { uploadInParts } from '../../../app/client/parts/upload-in-parts.ts'
import { UploadRecords } from '../../../app/client/parts/upload-record.ts'
import { noAnswer, type Refusal, UploadRefusedError } from '../../../app/client/refusal.ts'
import type { UploadStep } from '../../../app/client/upload-step.ts'
import { Crc64 } from '../../../app/oss/store/crc64.ts'
import type { UploadedEvent } from '../../../app/server/index.ts'
import { type Embedded, startEmbedded } from '../../large/embedded-large.ts'
import { nodePlatform, partsInput } from '../../large/node-platform.ts'

const PART = 100 * 1024
let folder: string
let embedded: Embedded
let callback: ((event: UploadedEvent) => unknown) | undefined

async function start(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'parts-'))
  embedded = await startEmbedded(join(folder, 'oss'), (serverUrl, oss) => ({
    multipart: { partSize: PART },
    ...(callback === undefined
      ? {}
      : {
          callbackUrl: `${serverUrl}/callback`,
          fetchPublicKey: async () => oss.callbackPublicKey,
          onUploaded: callback,
        }),
  }))
}

beforeEach(async () => {
  callback = undefined
  await start()
})

afterEach(async () => {
  vi.unstubAllGlobals()
  await embedded.close()
  await rm(folder, { recursive: true })
})

async function stored(key = 'upload/large.bin'): Promise<Buffer | undefined> {
  const object = await embedded.oss.store.find('large-bucket')?.objects.open(key)
  return object && buffer(object.stream())
}

const unfinished = async () =>
  (await embedded.oss.store.find('large-bucket')?.uploads.list())?.length

const partOf = (url: string): number => Number(new URL(url).searchParams.get('partNumber'))

/** A platform whose parts go through `send` first. */
function platformWith(
  send: (partNumber: number) => Refusal | undefined,
  storage = memoryStorage(),
): PartsPlatform {
  const platform = nodePlatform(storage)
  return {
    ...platform,
    sendPart: async (url, part, onProgress, signal) => {
      const refusal = send(partOf(url))
      if (refusal) throw new UploadRefusedError(refusal)
      return platform.sendPart(url, part, onProgress, signal)
    },
  }
}

test('progress grows to the whole and speed is told of what was sent', async () => {
  const content = randomBytes(5 * PART + 7)
  const steps: UploadStep[] = []
  const input = partsInput(embedded.serverUrl, new Blob([content]), {
    onStep: (step) => void steps.push(step),
  })
  expect(await uploadInParts(input)).toEqual({ key: 'upload/large.bin', status: 200, reply: '' })
  expect((await stored())?.equals(content)).toBe(true)
  const sent = steps.map((step) => (step.kind === 'sending' ? step.sent : step.kind))
  expect(sent).toEqual(sent.toSorted((a, b) => Number(a) - Number(b)))
  expect([sent[0], sent.at(-1)]).toEqual([0, content.length])
})

test('more parts than one listing holds: what has arrived is not sent again', async () => {
  const content = Buffer.alloc(1003 * PART, 'a')
  const storage = memoryStorage()
  const stop: Refusal = { ...noAnswer('bucket'), status: 400, code: 'InvalidArgument' }
  const data = new Blob([content])
  const first = partsInput(embedded.serverUrl, data, {
    platform: platformWith(() => stop, storage),
  })
  await expect(uploadInParts(first)).rejects.toThrow(new UploadRefusedError(stop).message)
  // What it takes many seconds to send: every part but one is there.
  const [begun] = (await embedded.oss.store.find('large-bucket')?.uploads.list()) ?? []
  const place = join(folder, 'oss', '.oss', 'uploads', 'large-bucket', begun?.uploadId ?? '')
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
  const second = partsInput(embedded.serverUrl, data, {
    platform: platformWith((n) => void gone.push(n), storage),
  })
  expect((await uploadInParts(second)).key).toBe('upload/large.bin')
  expect(gone).toEqual([1002])
  expect((await stored())?.equals(content)).toBe(true)
})

test('a part that arrives damaged is sent again', async () => {
  const content = randomBytes(3 * PART)
  const platform = nodePlatform()
  let damaged = 0
  const input = partsInput(embedded.serverUrl, new Blob([content]), {
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
  await uploadInParts(input)
  expect(damaged).toBe(1)
  expect((await stored())?.equals(content)).toBe(true)
})

test('an object that is not what was sent is said to be', async () => {
  const real = fetch
  vi.stubGlobal('fetch', async (url: string, options: RequestInit) => {
    const response = await real(url, options)
    if (options.method !== 'POST' || !String(url).includes('uploadId=')) return response
    const headers = new Headers(response.headers)
    headers.set('x-oss-hash-crc64ecma', '1')
    return new Response(await response.text(), { status: response.status, headers })
  })
  const input = partsInput(embedded.serverUrl, new Blob([randomBytes(2 * PART)]))
  const damaged = new UploadRefusedError({ ...noAnswer('bucket'), code: 'ObjectDamaged' })
  await expect(uploadInParts(input)).rejects.toEqual(damaged)
})

test('an answer to the completion that is lost: stored, once', async () => {
  const content = randomBytes(2 * PART)
  const real = fetch
  let lost = 0
  vi.stubGlobal('fetch', async (url: string, options: RequestInit) => {
    const response = await real(url, options)
    const isCompletion = options.method === 'POST' && String(url).includes('uploadId=')
    if (!isCompletion || lost > 0) return response
    lost += 1
    await response.text()
    throw new TypeError('fetch failed')
  })
  const input = partsInput(embedded.serverUrl, new Blob([content]))
  expect(await uploadInParts(input)).toEqual({ key: 'upload/large.bin', status: 200, reply: '' })
  expect(lost).toBe(1)
  expect((await stored())?.equals(content)).toBe(true)
  expect(await unfinished()).toBe(0)
})

test('a page closed while the bucket completed finds it stored', async () => {
  const content = randomBytes(2 * PART)
  const storage = memoryStorage()
  const real = fetch
  vi.stubGlobal('fetch', async (url: string, options: RequestInit) => {
    const response = await real(url, options)
    if (options.method !== 'POST' || !String(url).includes('uploadId=')) return response
    // Nobody is there any more to hear the answer.
    return new Promise<Response>(() => {})
  })
  const data = new Blob([content])
  const closed = partsInput(embedded.serverUrl, data, { platform: nodePlatform(storage) })
  void uploadInParts(closed)
  await expect.poll(async () => (await stored())?.length).toBe(content.length)
  vi.stubGlobal('fetch', real)
  const platform = platformWith(() => {
    throw new Error('Nothing is to be sent')
  }, storage)
  const opened = partsInput(embedded.serverUrl, data, { platform })
  expect(await uploadInParts(opened)).toEqual({ key: 'upload/large.bin', status: 200, reply: '' })
  expect((await stored())?.equals(content)).toBe(true)
  expect(storage.length).toBe(0)
})

test('a server that no longer takes the token: the upload begins anew', async () => {
  const content = randomBytes(3 * PART)
  const storage = memoryStorage()
  const stop: Refusal = { ...noAnswer('bucket'), status: 400, code: 'InvalidArgument' }
  const data = new Blob([content])
  const first = partsInput(embedded.serverUrl, data, {
    platform: platformWith((n) => (n === 3 ? stop : undefined), storage),
  })
  await uploadInParts(first).catch(() => {})
  const records = new UploadRecords(storage)
  const [record] = records.list(embedded.serverUrl)
  if (record) records.update({ ...record, token: `${record.token.slice(0, -1)}-` })
  const again = partsInput(embedded.serverUrl, data, { platform: nodePlatform(storage) })
  expect((await uploadInParts(again)).key).toBe('upload/large.bin')
  expect((await stored())?.equals(content)).toBe(true)
})

test('given up, nothing is left in the bucket or here', async () => {
  const storage = memoryStorage()
  const given = new AbortController()
  const input = partsInput(embedded.serverUrl, new Blob([randomBytes(9 * PART)]), {
    signal: given.signal,
    platform: platformWith((n) => {
      if (n === 3) given.abort(new Error('cancelled'))
      return undefined
    }, storage),
  })
  await expect(uploadInParts(input)).rejects.toThrow('cancelled')
  expect(storage.length).toBe(0)
  expect(await unfinished()).toBe(0)
})

test('a part whose answer is lost is asked for before it is sent again', async () => {
  const content = randomBytes(3 * PART)
  const platform = nodePlatform()
  const sent: number[] = []
  const input = partsInput(embedded.serverUrl, new Blob([content]), {
    platform: {
      ...platform,
      sendPart: async (url, part, onProgress, signal) => {
        sent.push(partOf(url))
        const reply = await platform.sendPart(url, part, onProgress, signal)
        if (partOf(url) === 2) throw new UploadRefusedError(noAnswer('bucket'))
        return reply
      },
    },
  })
  expect((await uploadInParts(input)).key).toBe('upload/large.bin')
  expect(sent.sort()).toEqual([1, 2, 3])
  expect((await stored())?.equals(content)).toBe(true)
})

test('a callback is made once the parts are one object; its reply, or its failure, is told', async () => {
  await embedded.close()
  await rm(folder, { recursive: true })
  const events: [string, number][] = []
  callback = ({ object, size }) => {
    events.push([object, size])
    if (events.length === 2) throw new Error('not now')
    return { saved: object }
  }
  await start()
  const data = new Blob([randomBytes(2 * PART)])
  const file = { name: 'one.bin', type: '', size: data.size, rename: false }
  expect(await uploadInParts(partsInput(embedded.serverUrl, data, { file }))).toEqual({
    key: 'upload/one.bin',
    status: 200,
    reply: '{"saved":"upload/one.bin"}',
  })
  const second = { ...file, name: 'two.bin' }
  const failed = await uploadInParts(partsInput(embedded.serverUrl, data, { file: second }))
  expect([failed.status, failed.callbackFailure?.code]).toEqual([203, 'CallbackFailed'])
  expect(embedded.reported).toEqual([new Error('not now')])
  expect(events).toEqual([
    ['upload/one.bin', 2 * PART],
    ['upload/two.bin', 2 * PART],
  ])
})

test('what is no file on a disk leaves no trace, and is never taken for another', async () => {
  const storage = memoryStorage()
  const given = new AbortController()
  const data = new Blob([randomBytes(3 * PART)])
  const blob = partsInput(embedded.serverUrl, data, {
    lastModified: undefined,
    signal: given.signal,
    platform: platformWith((n) => {
      expect(storage.length).toBe(0)
      if (n === 2) given.abort(new Error('cancelled'))
      return undefined
    }, storage),
  })
  await expect(uploadInParts(blob)).rejects.toThrow('cancelled')
  expect(await unfinished()).toBe(0)
  const claims = {
    claim: () => Promise.reject(new Error('There is nothing to claim')),
    release: () => {},
  } as unknown as NonNullable<PartsPlatform['claims']>
  const again = partsInput(embedded.serverUrl, data, {
    lastModified: undefined,
    platform: { ...nodePlatform(storage), claims },
  })
  expect((await uploadInParts(again)).key).toBe('upload/large.bin')
})
