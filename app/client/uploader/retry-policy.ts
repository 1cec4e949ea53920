import { exponentialBackoffMs, retry } from '@oss-direct-upload/retry'
import type { Connection } from './connection.ts'
import { type ErrorKind, errorKind } from './error-kind.ts'
import { type ErrorDetails, isConnectionLost, UploadError } from './upload-error.ts'

/** How errors of one kind are retried. */
interface RetryRule {
  /** Including the first. */
  attempts: number
  /** Whether the next attempt needs a new signature. */
  renewsSignature: boolean
  /** Whether there is no delay before the first retry. */
  isImmediate: boolean
}

const FIRST_DELAY_MS = 1000
const MAX_DELAY_MS = 8000
/** Number of the attempt without a response after which the page looks for the reason. */
const EXPLAINED_ATTEMPT = 3

/** Delays of 23 s in all: enough for an address to move to another server. */
const TRANSIENT: RetryRule = { attempts: 6, renewsSignature: false, isImmediate: false }
/** The bucket may have rejected the signature in a response that did not reach the page. */
const SILENT: RetryRule = { ...TRANSIENT, renewsSignature: true }
const NEW_SIGNATURE: RetryRule = { ...SILENT, isImmediate: true }
/** For what a third attempt cannot change if the second fails with a new signature. */
const NEW_SIGNATURE_ONCE: RetryRule = { ...NEW_SIGNATURE, attempts: 2 }

const RULES: Partial<Record<ErrorKind, RetryRule>> = {
  bucketUnreachable: SILENT,
  busy: TRANSIENT,
  checksumMismatch: TRANSIENT,
  clockSkew: NEW_SIGNATURE_ONCE,
  policyExpired: NEW_SIGNATURE_ONCE,
  rateLimited: TRANSIENT,
  serverUnreachable: TRANSIENT,
  tokenExpired: NEW_SIGNATURE,
  urlExpired: NEW_SIGNATURE,
}

/** Why the next attempt has to wait. */
export type RetryDelay = 'offline' | { delaySeconds: number; details: ErrorDetails }

/** How a request is retried. */
export interface RetryOptions {
  connection: Connection
  signal: AbortSignal
  /** Called before each delay. */
  onDelay: (reason: RetryDelay) => void
  /** Called when the next attempt needs a new signature. */
  onStaleSignature?: () => void
  /** Called once the bucket has not responded several times. May throw a better error. */
  explainSilence?: () => Promise<void>
}

/** Returns whether an error may go away by itself or with a new signature. */
export function isRetryable(details: ErrorDetails): boolean {
  return retryRule(details) !== undefined
}

/**
 * Runs an operation until it succeeds or a retry is of no use. Counts the failures of each kind for
 * themselves; failures while the browser is offline do not count.
 *
 * @throws UploadError of the last attempt
 * @throws whatever else the operation or `explainSilence` throws
 * @throws the signal's reason when it is aborted
 */
export function retryRequest<T>(operation: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { connection, signal, onDelay, onStaleSignature, explainSilence } = options
  const failures = new Map<ErrorKind, number>()

  async function delayMs(error: unknown): Promise<number | undefined> {
    if (!(error instanceof UploadError)) return undefined
    const { details } = error
    const rule = retryRule(details)
    if (rule === undefined) return undefined
    if (isConnectionLost(details) && !connection.isOnline()) {
      onDelay('offline')
      await connection.untilOnline(signal)
      return 0
    }
    const kind = errorKind(details)
    const failed = (failures.get(kind) ?? 0) + 1
    failures.set(kind, failed)
    if (kind === 'bucketUnreachable' && failed === EXPLAINED_ATTEMPT) await explainSilence?.()
    if (failed >= rule.attempts) return undefined
    if (rule.renewsSignature) onStaleSignature?.()
    const backoffMs =
      rule.isImmediate && failed === 1
        ? 0
        : exponentialBackoffMs(failed, { firstMs: FIRST_DELAY_MS, maxMs: MAX_DELAY_MS })
    const delay = Math.max(backoffMs, (details.retryAfterSeconds ?? 0) * 1000)
    if (delay > 0) onDelay({ delaySeconds: delay / 1000, details })
    return delay
  }

  return retry(operation, { delayMs, signal })
}

function retryRule(details: ErrorDetails): RetryRule | undefined {
  // The server may have a new key by now; a signature that does not match never will.
  if (details.code === 'InvalidAccessKeyId') return NEW_SIGNATURE
  return RULES[errorKind(details)]
}
