import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { exponentialBackoffMs, retry, sleep } from '../../../app/retry/retry.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const fail = (message: string) =>
  vi.fn(async (_attempt: number): Promise<string> => {
    throw new Error(message)
  })

test('the result of the first attempt that succeeds is returned, after the delays', async () => {
  const started = Date.now()
  const operation = fail('busy')
  operation.mockImplementation(async (attempt) => {
    if (attempt < 3) throw new Error('busy')
    return `attempt ${attempt} after ${Date.now() - started} ms`
  })
  const result = retry(operation, {
    delayMs: (_error, attempt) => exponentialBackoffMs(attempt, { firstMs: 100 }),
  })
  await vi.runAllTimersAsync()
  expect(await result).toBe('attempt 3 after 300 ms')
})

test('the error of the last attempt is thrown when there is no further delay', async () => {
  const operation = fail('gone')
  const result = retry(operation, { delayMs: (_error, attempt) => (attempt < 4 ? 10 : undefined) })
  const outcome = expect(result).rejects.toThrow('gone')
  await vi.runAllTimersAsync()
  await outcome
  expect(operation.mock.calls).toEqual([[1], [2], [3], [4]])
})

test('an abort ends the delay with its reason, and leaves no timer or listener', async () => {
  const controller = new AbortController()
  const removed = vi.spyOn(controller.signal, 'removeEventListener')
  const result = retry(fail('busy'), { delayMs: () => 60_000, signal: controller.signal })
  const outcome = expect(result).rejects.toThrow('cancelled')
  await vi.advanceTimersByTimeAsync(1)
  controller.abort(new Error('cancelled'))
  await outcome
  expect(vi.getTimerCount()).toBe(0)
  const slept = sleep(5, controller.signal)
  await expect(slept).rejects.toThrow('cancelled')
  expect(removed).not.toHaveBeenCalled()
})

test('an abort during an attempt is not followed by another', async () => {
  const controller = new AbortController()
  const operation = vi.fn(async () => {
    controller.abort(new Error('cancelled'))
    throw new Error('connection lost')
  })
  await expect(retry(operation, { delayMs: () => 0, signal: controller.signal })).rejects.toThrow(
    'cancelled',
  )
  expect(operation).toHaveBeenCalledTimes(1)
})

test('delays double up to the longest', () => {
  const delays = [1, 2, 3, 4, 5].map((attempt) =>
    exponentialBackoffMs(attempt, { firstMs: 1000, maxMs: 8000 }),
  )
  expect(delays).toEqual([1000, 2000, 4000, 8000, 8000])
})
