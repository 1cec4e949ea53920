import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  completionDocument,
  elementText,
  listedParts,
} from '../../../app/client/parts/bucket-call.ts'
import { memoryStorage } from '../../../app/client/parts/memory-storage.ts'
import { PartUrls } from '../../../app/client/parts/part-urls.ts'
import { PauseGate } from '../../../app/client/parts/pause-gate.ts'
import { persist } from '../../../app/client/parts/persistence.ts'
import { fingerprint, UploadRecords } from '../../../app/client/parts/upload-record.ts'
import { noAnswer, type Refusal, UploadRefusedError } from '../../../app/client/refusal.ts'

describe('the URLs of parts', () => {
  let clock = 0
  let asked: [number, number][] = []
  const urls = (last: number, expiresIn: number): PartUrls =>
    new PartUrls(
      last,
      async (from, to) => {
        asked.push([from, to])
        const parts = Array.from({ length: to - from + 1 }, (_, i) => ({
          partNumber: from + i,
          offset: 0,
          size: 1,
          url: `u${from + i}-${asked.length}`,
        }))
        return { parts, expiresIn }
      },
      () => clock,
    )

  beforeEach(() => {
    clock = 0
    asked = []
  })

  test('are asked for in batches, once for all who wait', async () => {
    const some = urls(45, 600)
    const got = await Promise.all([1, 20, 21, 45].map((n) => some.get(n)))
    expect(got.map(({ url }) => url)).toEqual(['u1-1', 'u20-1', 'u21-2', 'u45-3'])
    expect(asked).toEqual([
      [1, 20],
      [21, 40],
      [41, 45],
    ])
  })

  test('are renewed before they end, and when they were refused', async () => {
    const some = urls(5, 600)
    await some.get(1)
    clock = 589_000
    expect((await some.get(1)).url).toBe('u1-1')
    clock = 590_000
    expect((await some.get(1)).url).toBe('u1-2')
    some.drop()
    expect((await some.get(1)).url).toBe('u1-3')
    // However short their life is, they are used.
    const short = urls(5, 2)
    expect((await short.get(1)).url).toBe('u1-4')
    clock += 999
    expect((await short.get(2)).url).toBe('u2-4')
    clock += 1
    expect((await short.get(2)).url).toBe('u2-5')
  })
})

describe('pausing', () => {
  test('holds back until resumed, and tells what is under way', async () => {
    const gate = new PauseGate()
    const { signal } = new AbortController()
    await gate.pass(signal)
    const flying = gate.signal
    gate.pause()
    expect([gate.isPaused, flying.aborted]).toEqual([true, true])
    let passed = false
    const waiting = gate.pass(signal).then(() => {
      passed = true
    })
    await new Promise((done) => setTimeout(done, 5))
    expect(passed).toBe(false)
    gate.resume()
    await waiting
    expect([passed, gate.isPaused, gate.signal.aborted]).toEqual([true, false, false])
  })

  test('ends with the upload', async () => {
    const gate = new PauseGate()
    const given = new AbortController()
    gate.pause()
    const waiting = gate.pass(given.signal)
    given.abort(new Error('cancelled'))
    await expect(waiting).rejects.toThrow('cancelled')
  })
})

describe('what is kept of an upload', () => {
  const record = {
    serverUrl: 'http://server.example',
    name: '电影.mp4',
    type: 'video/mp4',
    size: 30,
    lastModified: 5,
    key: 'upload/电影.mp4',
    token: 't',
    partSize: 10,
    uploadId: 'U',
    expires: 1000,
    renamed: false,
    completing: false,
  }
  const id = fingerprint(record)
  const part = (partNumber: number) => ({ partNumber, etag: '"E"', crc64: '7', size: 10 })

  test('is found again by the file, with its parts', () => {
    const storage = memoryStorage()
    const records = new UploadRecords(storage)
    records.begin(record)
    records.begin({ ...record, name: 'other' })
    records.addPart(id, part(2))
    records.addPart(id, part(10))
    const later = new UploadRecords(storage)
    expect(later.find(id)).toEqual(record)
    expect(later.parts(id)).toEqual([part(2), part(10)])
    expect(later.find(fingerprint({ ...record, size: 31 }))).toBeUndefined()
    expect(later.list(record.serverUrl, 0).map(({ name }) => name)).toEqual(['电影.mp4', 'other'])
    expect(later.list('http://elsewhere.example', 0)).toEqual([])
    later.begin(record)
    expect(later.parts(id)).toEqual([])
    later.remove(id)
    expect(later.list(record.serverUrl, 0).map(({ name }) => name)).toEqual(['other'])
  })

  test('is forgotten when it is too old, and not trusted when it is broken', () => {
    const storage = memoryStorage()
    const records = new UploadRecords(storage)
    records.begin(record)
    records.addPart(id, part(1))
    storage.setItem(`upload:${id}3`, 'nonsense')
    expect(records.parts(id)).toEqual([part(1)])
    expect(records.list(record.serverUrl, 999)).toHaveLength(1)
    expect(records.list(record.serverUrl, 1000)).toEqual([])
    expect(storage.length).toBe(0)
    for (const broken of ['{', 'null', '{"key":"k"}', JSON.stringify({ ...record, token: 1 })]) {
      storage.setItem(`upload:${id}`, broken)
      expect(records.find(id)).toBeUndefined()
    }
  })

  test('is nothing where nothing more can be kept', () => {
    const full = memoryStorage()
    full.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    const none = new UploadRecords(full)
    none.begin(record)
    none.addPart(id, part(1))
    expect([full.length, none.find(id), none.parts(id)]).toEqual([0, undefined, []])
  })
})

describe('trying again', () => {
  const server: Refusal = { ...noAnswer('server'), status: 503 }
  const expired: Refusal = {
    ...noAnswer('bucket'),
    status: 403,
    code: 'AccessDenied',
    message: 'Request has expired.',
  }
  let online = true
  let waits: (number | 'offline')[] = []
  let stale = 0

  beforeEach(() => {
    vi.useFakeTimers()
    online = true
    waits = []
    stale = 0
  })

  afterEach(() => {
    vi.useRealTimers()
  })

  const run = async (refusals: (Refusal | undefined)[], explain?: () => Promise<void>) => {
    let calls = 0
    const outcome = persist(
      {
        connection: {
          isOnline: () => online,
          untilOnline: async () => {
            online = true
          },
        },
        signal: new AbortController().signal,
        onWait: (why) => void waits.push(why === 'offline' ? why : why.seconds),
        onStale: () => {
          stale += 1
        },
        ...(explain ? { explainSilence: explain } : {}),
      },
      async () => {
        const refusal = refusals[calls]
        calls += 1
        if (refusal) throw new UploadRefusedError(refusal)
        return 'done'
      },
    ).catch((error: unknown) => error)
    await vi.runAllTimersAsync()
    return [await outcome, calls]
  }

  test('six times, the pauses doubling', async () => {
    expect(await run(Array.from({ length: 9 }, () => server))).toEqual([
      new UploadRefusedError(server),
      6,
    ])
    expect(waits).toEqual([1, 2, 4, 8, 16])
  })

  test('as long as the other side asks to wait', async () => {
    const busy = { ...server, status: 429, code: 'TooManyRequests', retryAfter: 30 }
    expect(await run([busy, undefined])).toEqual(['done', 2])
    expect(waits).toEqual([30])
  })

  test('not at all when it is of no use', async () => {
    const refused = { ...server, status: 415, code: 'TypeNotAllowed' }
    expect(await run([refused])).toEqual([new UploadRefusedError(refused), 1])
  })

  test('at once with a new signature when the old one had ended', async () => {
    expect(await run([expired, undefined])).toEqual(['done', 2])
    expect([stale, waits]).toEqual([1, []])
  })

  test('without counting while there is no connection', async () => {
    const silent = noAnswer('bucket')
    online = false
    expect(await run([silent, undefined])).toEqual(['done', 2])
    expect(waits).toEqual(['offline'])
  })

  test('silence is explained at the third time, if it can be', async () => {
    const silent = noAnswer('bucket')
    const explain = async (): Promise<void> => {
      throw new Error('no rules')
    }
    expect(await run([silent, silent, silent, undefined], explain)).toEqual([
      new Error('no rules'),
      3,
    ])
    expect(await run([silent, silent, silent, undefined], async () => {})).toEqual(['done', 4])
  })
})

describe('OSS’s documents', () => {
  test('the parts of a listing, and where it goes on', () => {
    const xml =
      '<ListPartsResult><NextPartNumberMarker>2</NextPartNumberMarker>' +
      '<IsTruncated>true</IsTruncated>' +
      '<Part><PartNumber>1</PartNumber><ETag>&quot;A&quot;</ETag>' +
      '<HashCrc64ecma>9</HashCrc64ecma><Size>10</Size></Part>' +
      '<Part><PartNumber>2</PartNumber><ETag>"B"</ETag><Size>3</Size></Part></ListPartsResult>'
    expect(listedParts(xml)).toEqual({
      parts: [
        { partNumber: 1, etag: '"A"', crc64: '9', size: 10 },
        { partNumber: 2, etag: '"B"', crc64: '', size: 3 },
      ],
      next: '2',
    })
    expect(listedParts(xml.replace('true', 'false')).next).toBeUndefined()
    expect(elementText(xml, 'UploadId')).toBe('')
  })

  test('the list that completes an upload', () => {
    expect(completionDocument([{ partNumber: 3, etag: '"A"', crc64: '9', size: 1 }])).toBe(
      '<CompleteMultipartUpload><Part><PartNumber>3</PartNumber><ETag>"A"</ETag></Part></CompleteMultipartUpload>',
    )
  })
})
