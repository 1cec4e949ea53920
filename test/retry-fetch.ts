import { exponentialBackoffMs, retry } from '../app/retry/retry.ts'

const ATTEMPTS = 5

export interface RetryFetchOptions {
  /** Receives a sentence for each failed attempt. */
  report: (line: string) => void
  /** Whether an error cannot go away, for example a program that is not installed. @default never */
  isPermanent?: (error: unknown) => boolean
  /** Delay before the second attempt; it doubles with each further one. @default 3000 */
  firstMs?: number
}

/**
 * Runs a step that downloads from a registry or mirror, which may answer 5xx for a moment: up to five
 * attempts within a minute.
 *
 * @param title What is downloaded, for the report
 * @throws the error of the last attempt
 */
export function retryFetch<T>(
  title: string,
  step: () => Promise<T>,
  { report, isPermanent = () => false, firstMs = 3000 }: RetryFetchOptions,
): Promise<T> {
  return retry(step, {
    delayMs: (error, attempt) => {
      if (attempt === ATTEMPTS || isPermanent(error)) return undefined
      const delayMs = exponentialBackoffMs(attempt, { firstMs })
      report(`  ${title}: attempt ${attempt} failed, next attempt in ${delayMs / 1000} s`)
      return delayMs
    },
  })
}
