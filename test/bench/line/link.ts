/** One item of a connection on its way through the link. */
interface Waiting<T> {
  item: T
  bytes: number
  /** Earliest time at which it is sent, in milliseconds. */
  readyMs: number
}

/** An item that has been sent. */
export interface Sent<T> {
  item: T
  /** When its last byte left, in milliseconds. */
  sentMs: number
}

/** What one connection sends through the link, in order. */
export class Flow<T> {
  readonly waiting: Waiting<T>[] = []
  waitingBytes = 0
  readonly isBlocked: () => boolean

  /** @param isBlocked Returns whether the receiver takes no more for now */
  constructor(isBlocked: () => boolean = () => false) {
    this.isBlocked = isBlocked
  }

  push(item: T, bytes: number, readyMs: number): void {
    this.waiting.push({ item, bytes, readyMs })
    this.waitingBytes += bytes
  }
}

/**
 * A link of a certain rate, which its connections share equally: one item each in turn. It calculates
 * with exact times: a late call of `send` makes the link no slower as long as items are waiting.
 */
export class FairQueue<T> {
  readonly #bytesPerMs: number
  readonly #flows: Flow<T>[] = []
  #turn = 0
  #freeMs = 0

  constructor(bitsPerSecond: number) {
    this.#bytesPerMs = bitsPerSecond / 8000
  }

  add(flow: Flow<T>): void {
    this.#flows.push(flow)
  }

  remove(flow: Flow<T>): void {
    const at = this.#flows.indexOf(flow)
    if (at < 0) return
    this.#flows.splice(at, 1)
    if (at < this.#turn) this.#turn -= 1
  }

  /** Sends the items whose turn has come by now, in order. */
  send(nowMs: number): Sent<T>[] {
    const sent: Sent<T>[] = []
    for (let flow = this.#next(nowMs); flow !== undefined; flow = this.#next(nowMs)) {
      const { item, bytes, readyMs } = flow.waiting.shift() as Waiting<T>
      flow.waitingBytes -= bytes
      this.#freeMs = Math.max(this.#freeMs, readyMs) + bytes / this.#bytesPerMs
      sent.push({ item, sentMs: this.#freeMs })
    }
    return sent
  }

  /** Returns the flow that sends next; of several that are ready, the one whose turn it is. */
  #next(nowMs: number): Flow<T> | undefined {
    const count = this.#flows.length
    let next: { flow: Flow<T>; at: number; startMs: number } | undefined
    for (let step = 0; step < count; step += 1) {
      const at = (this.#turn + step) % count
      const flow = this.#flows[at] as Flow<T>
      const [first] = flow.waiting
      if (first === undefined || flow.isBlocked()) continue
      const startMs = Math.max(this.#freeMs, first.readyMs)
      if (startMs <= nowMs && startMs < (next?.startMs ?? Number.POSITIVE_INFINITY)) {
        next = { flow, at, startMs }
      }
    }
    if (next !== undefined) this.#turn = (next.at + 1) % count
    return next?.flow
  }
}
