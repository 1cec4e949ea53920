import { pause } from './connection.ts'
import { type ErrorKind, errorKind, isRetryable } from './error-kind.ts'
import { type ErrorDetails, UploadError } from './upload-error.ts'

const ATTEMPTS = 6
/** Against a clock that is off, one more tells all: the next would fare the same. */
const ATTEMPTS_WHEN_CLOCK_OFF = 2
const FIRST_PAUSE_S = 1
const SILENCES = 3
const SIGNED_ANEW: readonly ErrorKind[] = [
  'policyExpired',
  'tokenExpired',
  'clockSkew',
  'keyRejected',
]

/** What an upload needs to know of the connection. */
export interface Connection {
  /** Whether there is one, as far as the browser knows. */
  isOnline: () => boolean
  untilOnline: (signal: AbortSignal) => Promise<void>
}

/** How one call is tried until it works. */
export interface RetryOptions {
  connection: Connection
  signal: AbortSignal
  /** Told before a wait. */
  onWait: (why: { seconds: number; details: ErrorDetails } | 'offline') => void
  /** Told of a refusal that a new signature helps against. */
  onStale?: () => void
  /** Asked once the bucket has been silent several times; throws what explains it, if it can. */
  explainSilence?: () => Promise<void>
}

/**
 * Tries a call until it works or trying is of no use: six attempts, the pauses between them doubling
 * from one second; two when a clock is off. Attempts while offline do not count.
 *
 * @throws UploadRefusedError for the last refusal
 * @throws whatever else the call throws
 */
export async function retryRequest<T>(
  { connection, signal, onWait, onStale, explainSilence }: RetryOptions,
  attempt: () => Promise<T>,
): Promise<T> {
  let silences = 0
  for (let tried = 1; ; ) {
    try {
      return await attempt()
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof UploadError)) throw error
      const { details } = error
      if (!isRetryable(details)) throw error
      if (details.status === 0 && !connection.isOnline()) {
        onWait('offline')
        await connection.untilOnline(signal)
        continue
      }
      if (details.status === 0 && details.by === 'bucket') silences += 1
      if (silences === SILENCES) await explainSilence?.()
      const kind = errorKind(details)
      if (tried >= (kind === 'clockSkew' ? ATTEMPTS_WHEN_CLOCK_OFF : ATTEMPTS)) throw error
      const isStale = SIGNED_ANEW.includes(kind)
      if (isStale) onStale?.()
      // A new signature needs no pause the first time.
      const doubled = isStale && tried === 1 ? 0 : FIRST_PAUSE_S * 2 ** (tried - 1)
      const seconds = Math.max(doubled, details.retryAfter ?? 0)
      tried += 1
      if (seconds === 0) continue
      onWait({ seconds, details })
      await pause(seconds * 1000, signal)
    }
  }
}
