/** How `retry` decides after a failed attempt. */
export interface RetryOptions {
  /**
   * Returns the delay before the next attempt in milliseconds, or `undefined` to give up. It may be
   * asynchronous, for example to wait until the browser is online, and may throw a better error.
   *
   * @param attempt Number of the attempt that has failed, from 1
   */
  delayMs: (error: unknown, attempt: number) => number | undefined | Promise<number | undefined>
  /** Ends the delay between two attempts. @default none */
  signal?: AbortSignal
}

/**
 * Runs an operation until it succeeds or `delayMs` gives up.
 *
 * @param operation Receives the number of the attempt, from 1
 * @throws the error of the last attempt
 * @throws the signal's reason when it is aborted
 */
export async function retry<T>(
  operation: (attempt: number) => Promise<T>,
  { delayMs, signal }: RetryOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await operation(attempt)
    } catch (error) {
      signal?.throwIfAborted()
      const delay = await delayMs(error, attempt)
      if (delay === undefined) throw error
      await sleep(delay, signal)
    }
  }
}

/**
 * Returns the delay before the attempt that follows: `firstMs` after the first attempt, then twice as
 * long each time.
 *
 * @param attempt Number of the attempt that has failed, from 1
 * @param maxMs Longest delay @default no limit
 */
export function exponentialBackoffMs(
  attempt: number,
  { firstMs, maxMs = Number.POSITIVE_INFINITY }: { firstMs: number; maxMs?: number },
): number {
  return Math.min(firstMs * 2 ** (attempt - 1), maxMs)
}

/**
 * Waits. Works in browsers and Node.
 *
 * @throws the signal's reason when it is aborted
 */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  if (ms <= 0) return
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
