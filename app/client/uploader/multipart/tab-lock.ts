import { abortable } from '../abortable.ts'
import type { StoredFile } from '../stored-file.ts'

type Message =
  | { kind: 'request'; id: string; from: string }
  | { kind: 'held'; id: string; to: string }
  | { kind: 'released'; id: string; stored?: StoredFile }

/** Time in which the tab that holds a lock has to answer. */
const ANSWER_MS = 400
const REPEAT_MS = 2000

/**
 * Lets one tab of an origin at a time upload a file. Web Locks need a secure context, which the page
 * may not be, so the tabs agree over a BroadcastChannel. A tab that is gone no longer answers, so its
 * locks are free.
 */
export class TabLock {
  readonly #channel = new BroadcastChannel('oss-direct-upload')
  readonly #tab = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`
  readonly #held = new Map<string, PromiseWithResolvers<void>>()
  readonly #requested = new Set<string>()
  readonly #listeners = new Set<(message: Message) => void>()

  constructor() {
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#onMessage(data)
    addEventListener('pagehide', () => {
      for (const id of this.#held.keys()) this.#post({ kind: 'released', id })
    })
  }

  /**
   * Waits until no other tab, and no other upload of this tab, holds the lock of a file.
   *
   * @param id Fingerprint of the file
   * @param onWait Called while another tab holds the lock
   * @returns The file, if another tab has stored it; otherwise this tab holds the lock
   * @throws the signal's reason when it is aborted
   */
  async acquire(
    id: string,
    signal: AbortSignal,
    onWait: () => void,
  ): Promise<StoredFile | undefined> {
    for (;;) {
      this.#requested.add(id)
      try {
        this.#post({ kind: 'request', id, from: this.#tab })
        const held = await this.#receive(
          ANSWER_MS,
          (message) => message.kind === 'held' && message.id === id && message.to === this.#tab,
          signal,
        )
        const ownUpload = this.#held.get(id)
        if (ownUpload) {
          await abortable(ownUpload.promise, signal)
          continue
        }
        if (!held) {
          this.#held.set(id, Promise.withResolvers())
          return undefined
        }
      } finally {
        this.#requested.delete(id)
      }
      onWait()
      const released = await this.#receive(
        REPEAT_MS,
        (message) => message.kind === 'released' && message.id === id,
        signal,
      )
      if (released?.kind === 'released' && released.stored) return released.stored
    }
  }

  /** @param stored The file, if it is stored */
  release(id: string, stored?: StoredFile): void {
    const held = this.#held.get(id)
    if (!held) return
    this.#held.delete(id)
    held.resolve()
    this.#post({ kind: 'released', id, ...(stored ? { stored } : {}) })
  }

  #onMessage(message: Message): void {
    if (message.kind === 'request') {
      const { id, from } = message
      // Of two tabs that request a lock at the same time, the one with the lower name gets it.
      if (this.#held.has(id) || (this.#requested.has(id) && this.#tab < from)) {
        this.#post({ kind: 'held', id, to: from })
      }
      return
    }
    for (const listener of this.#listeners) listener(message)
  }

  #post(message: Message): void {
    this.#channel.postMessage(message)
  }

  /** Waits for a message; resolves to `undefined` when the time is over. */
  #receive(
    timeoutMs: number,
    isExpected: (message: Message) => boolean,
    signal: AbortSignal,
  ): Promise<Message | undefined> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
        this.#listeners.delete(listener)
        settle()
      }
      const onAbort = (): void => end(() => reject(signal.reason))
      const listener = (message: Message): void => {
        if (isExpected(message)) end(() => resolve(message))
      }
      const timer = setTimeout(() => end(() => resolve(undefined)), timeoutMs)
      signal.addEventListener('abort', onAbort)
      this.#listeners.add(listener)
      if (signal.aborted) onAbort()
    })
  }
}
