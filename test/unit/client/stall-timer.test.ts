import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { StallTimer } from '../../../app/client/uploader/stall-timer.ts'

const MIB = 1024 * 1024
let isReachable = true
let onStall = vi.fn()
let onQuiet = vi.fn()

beforeEach(() => {
  vi.useFakeTimers()
  isReachable = true
  onStall = vi.fn()
  onQuiet = vi.fn()
})

afterEach(() => {
  vi.useRealTimers()
})

const start = (totalBytes: number): StallTimer =>
  new StallTimer({
    totalBytes,
    url: 'http://bucket.example',
    isReachable: async () => isReachable,
    onQuiet,
    onStall,
    nowMs: Date.now,
  })

/** Returns the seconds after which the connection counted as lost. */
async function stalledAfter(seconds: number): Promise<number | undefined> {
  for (let second = 1; second <= seconds; second += 1) {
    await vi.advanceTimersByTimeAsync(1000)
    if (onStall.mock.calls.length > 0) return second
  }
  return undefined
}

test.each([
  ['a connection that stops counts as lost after 45 seconds', 2000, 45],
  ['an event without new bytes is no progress', 1000, 15],
])('%s', async (_what, bytes, seconds) => {
  const timer = start(MIB)
  timer.onProgress(500)
  timer.onProgress(1000)
  await vi.advanceTimersByTimeAsync(30_000)
  timer.onProgress(bytes)
  expect(await stalledAfter(100)).toBe(seconds)
})

test('the response may take two minutes once everything is sent', async () => {
  start(MIB).onProgress(MIB)
  expect(await stalledAfter(300)).toBe(120)
})

test.each([
  ['without any progress event', 0],
  ['with a single progress event', 16_384],
])('1 GiB %s has the time that a slow connection takes', async (_what, bytes) => {
  start(1024 * MIB).onProgress(bytes)
  expect(await stalledAfter(10 * 3600)).toBeUndefined()
})

test('without progress events an upload ends when the bucket cannot be reached', async () => {
  start(1024 * MIB)
  expect(await stalledAfter(89)).toBeUndefined()
  isReachable = false
  expect(await stalledAfter(100)).toBe(1)
})

test('without progress events an upload ends after the time of a slow connection', async () => {
  start(MIB)
  // 64 s at 16 KiB/s, and the usual 45 s, checked every 45 s.
  expect(await stalledAfter(300)).toBe(135)
})

test('a timer that is late, as after sleep, starts again', async () => {
  const timer = start(MIB)
  timer.onProgress(500)
  timer.onProgress(1000)
  await vi.advanceTimersByTimeAsync(44_000)
  vi.setSystemTime(Date.now() + 3600_000)
  expect(await stalledAfter(100)).toBe(46)
})

test('the file is checked every five seconds while nothing moves', async () => {
  const timer = start(MIB)
  timer.onProgress(500)
  await vi.advanceTimersByTimeAsync(4000)
  timer.onProgress(1000)
  await vi.advanceTimersByTimeAsync(4000)
  expect(onQuiet).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(12_000)
  expect(onQuiet).toHaveBeenCalledTimes(3)
})

test('nothing happens after the request has ended', async () => {
  const timer = start(MIB)
  timer.stop()
  expect(await stalledAfter(1000)).toBeUndefined()
})
