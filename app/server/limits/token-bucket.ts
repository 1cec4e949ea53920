import { BoundedMap } from './bounded-map.ts'

/** Clients that are remembered; whoever has more networks than that gets around the limit. */
const MAX_CLIENTS = 100_000

const MINUTE_MS = 60_000

interface Bucket {
  /** Tokens × MINUTE_MS, a whole number: fractions would add up to a little less than a token. */
  level: number
  /** When `level` was counted, in unix milliseconds. */
  atMs: number
}

/** A client's bucket after tokens were taken. */
export interface TokenState {
  isGranted: boolean
  /** Whole tokens left. */
  left: number
  /** Seconds, rounded up, until the bucket is full. */
  fullSeconds: number
  /** Seconds, rounded up, until there is a token. */
  nextSeconds: number
}

/**
 * Limits a rate but allows bursts: each client has a bucket of tokens that refills steadily ("token
 * bucket").
 */
export class TokenBucket {
  readonly #perMinute: number
  readonly #capacity: number
  readonly #clients = new BoundedMap<string, Bucket>(MAX_CLIENTS)

  /** @param perMinute Tokens that a bucket holds, and that flow into it in a minute */
  constructor(perMinute: number) {
    this.#perMinute = perMinute
    this.#capacity = perMinute * MINUTE_MS
  }

  /**
   * Takes tokens of a client, or none if there are not enough.
   *
   * @param nowMs Unix milliseconds
   * @param tokens 0 only looks. @default 1
   */
  take(client: string, nowMs: number, tokens = 1): TokenState {
    const bucket = this.#bucketOf(client, nowMs)
    const isGranted = bucket.level >= tokens * MINUTE_MS
    if (isGranted) bucket.level -= tokens * MINUTE_MS
    return {
      isGranted,
      left: Math.floor(bucket.level / MINUTE_MS),
      fullSeconds: this.#secondsUntil(this.#capacity, bucket),
      nextSeconds: this.#secondsUntil(MINUTE_MS, bucket),
    }
  }

  #bucketOf(client: string, nowMs: number): Bucket {
    const known = this.#clients.get(client)
    if (known === undefined) {
      const bucket = { level: this.#capacity, atMs: nowMs }
      this.#clients.set(client, bucket)
      return bucket
    }
    // A clock that is set back must not take tokens away.
    const elapsedMs = Math.max(0, nowMs - known.atMs)
    known.level = Math.min(this.#capacity, known.level + elapsedMs * this.#perMinute)
    known.atMs = nowMs
    return known
  }

  #secondsUntil(level: number, bucket: Bucket): number {
    return Math.ceil(Math.max(0, level - bucket.level) / this.#perMinute / 1000)
  }
}
