import type { PostResult } from '../post-form.ts'
import { abortable } from './abortable.ts'

/** How an upload ended, as the other tabs are told of it. */
export type Outcome = PostResult & { key: string }

type Message =
  | { kind: 'ask'; id: string; from: string }
  | { kind: 'held'; id: string; to: string }
  | { kind: 'free'; id: string; outcome?: Outcome }

/** Milliseconds in which whoever holds an upload has to say so. */
const ANSWER_MS = 400
const ASK_AGAIN_MS = 2000

/**
 * Which tab uploads which file, settled among the tabs of one origin: a page that is not a secure
 * context has no Web Locks. A tab that is gone answers no longer, so nothing has to be cleaned up.
 */
export class TabLock {
  readonly #channel = new BroadcastChannel('oss-direct-upload')
  readonly #tab = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`
  readonly #held = new Map<string, PromiseWithResolvers<void>>()
  readonly #asking = new Set<string>()
  readonly #listeners = new Set<(message: Message) => void>()

  constructor() {
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#onMessage(data)
    addEventListener('pagehide', () => {
      for (const id of this.#held.keys()) this.#post({ kind: 'free', id })
    })
  }

  /**
   * Waits until no other tab uploads the file, and until this one has ended an upload of it that
   * was given up.
   *
   * @param onWait Told when another one does
   * @returns What became of it, when another tab has stored it meanwhile; else it is this tab's
   * @throws the signal's reason when aborted
   */
  async claim(id: string, signal: AbortSignal, onWait: () => void): Promise<Outcome | undefined> {
    for (;;) {
      this.#asking.add(id)
      try {
        this.#post({ kind: 'ask', id, from: this.#tab })
        const held = await this.#hear(
          ANSWER_MS,
          (message) => message.kind === 'held' && message.id === id && message.to === this.#tab,
          signal,
        )
        const here = this.#held.get(id)
        if (here) {
          await abortable(here.promise, signal)
          continue
        }
        if (!held) {
          this.#held.set(id, Promise.withResolvers())
          return undefined
        }
      } finally {
        this.#asking.delete(id)
      }
      onWait()
      const freed = await this.#hear(
        ASK_AGAIN_MS,
        (message) => message.kind === 'free' && message.id === id,
        signal,
      )
      if (freed?.kind === 'free' && freed.outcome) return freed.outcome
    }
  }

  /** @param outcome When the file is stored */
  release(id: string, outcome?: Outcome): void {
    const held = this.#held.get(id)
    if (!held) return
    this.#held.delete(id)
    held.resolve()
    this.#post({ kind: 'free', id, ...(outcome ? { outcome } : {}) })
  }

  #onMessage(message: Message): void {
    if (message.kind === 'ask') {
      const { id, from } = message
      // Of two that ask at the same time, one has to win.
      if (this.#held.has(id) || (this.#asking.has(id) && this.#tab < from)) {
        this.#post({ kind: 'held', id, to: from })
      }
      return
    }
    for (const listener of this.#listeners) listener(message)
  }

  #post(message: Message): void {
    this.#channel.postMessage(message)
  }

  #hear(
    ms: number,
    isMeant: (message: Message) => boolean,
    signal: AbortSignal,
  ): Promise<Message | undefined> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
        this.#listeners.delete(listener)
        settle()
      }
      const abort = (): void => end(() => reject(signal.reason))
      const listener = (message: Message): void => {
        if (isMeant(message)) end(() => resolve(message))
      }
      const timer = setTimeout(() => end(() => resolve(undefined)), ms)
      signal.addEventListener('abort', abort)
      this.#listeners.add(listener)
      if (signal.aborted) abort()
    })
  }
}
