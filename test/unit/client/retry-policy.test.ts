import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { PauseGate } from '../../../app/client/uploader/multipart/pause-gate.ts'
import { retryRequest } from '../../../app/client/uploader/retry-policy.ts'
import {
  type ErrorDetails,
  noResponse,
  UploadError,
} from '../../../app/client/uploader/upload-error.ts'

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

describe('trying again', () => {
  const server: ErrorDetails = { ...noResponse('server'), status: 503 }
  const expired: ErrorDetails = {
    ...noResponse('bucket'),
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

  const run = async (refusals: (ErrorDetails | undefined)[], explain?: () => Promise<void>) => {
    let calls = 0
    const outcome = retryRequest(
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
        const details = refusals[calls]
        calls += 1
        if (details) throw new UploadError(details)
        return 'done'
      },
    ).catch((error: unknown) => error)
    await vi.runAllTimersAsync()
    return [await outcome, calls]
  }

  test('six times, the pauses doubling', async () => {
    expect(await run(Array.from({ length: 9 }, () => server))).toEqual([new UploadError(server), 6])
    expect(waits).toEqual([1, 2, 4, 8, 16])
  })

  test('as long as the other side asks to wait', async () => {
    const busy = { ...server, status: 429, code: 'TooManyRequests', retryAfter: 30 }
    expect(await run([busy, undefined])).toEqual(['done', 2])
    expect(waits).toEqual([30])
  })

  test('not at all when it is of no use', async () => {
    const refused = { ...server, status: 415, code: 'TypeNotAllowed' }
    expect(await run([refused])).toEqual([new UploadError(refused), 1])
  })

  test('at once with a new signature when the old one had ended', async () => {
    expect(await run([expired, undefined])).toEqual(['done', 2])
    expect([stale, waits]).toEqual([1, []])
  })

  test('once more when a clock is off, without a pause', async () => {
    const skewed = { ...server, by: 'bucket' as const, status: 403, code: 'RequestTimeTooSkewed' }
    expect(await run([skewed, skewed, skewed])).toEqual([new UploadError(skewed), 2])
    expect([stale, waits]).toEqual([1, []])
  })

  test('without counting while there is no connection', async () => {
    const silent = noResponse('bucket')
    online = false
    expect(await run([silent, undefined])).toEqual(['done', 2])
    expect(waits).toEqual(['offline'])
  })

  test('silence is explained at the third time, if it can be', async () => {
    const silent = noResponse('bucket')
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
