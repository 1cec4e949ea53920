import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { TabLock } from '../../../app/client/uploader/multipart/tab-lock.ts'

/** The channels of all tabs; each hears what the others say. */
const channels = new Set<Channel>()

class Channel {
  onmessage: ((event: { data: unknown }) => void) | undefined

  constructor() {
    channels.add(this)
  }

  postMessage(data: unknown): void {
    for (const other of channels) {
      if (other !== this) queueMicrotask(() => other.onmessage?.({ data }))
    }
  }
}

const outcome = { key: 'upload/a', status: 200, reply: '' }
const ever = new AbortController().signal
const silent = (): void => {}

beforeEach(() => {
  vi.useFakeTimers()
  channels.clear()
  vi.stubGlobal('BroadcastChannel', Channel)
  vi.stubGlobal('addEventListener', silent)
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** What a claim came to; undefined while it waits. */
function watch(claim: Promise<unknown>): () => unknown {
  let result: unknown
  claim.then(
    (value) => {
      result = { value }
    },
    (error: unknown) => {
      result = { error }
    },
  )
  return () => result
}

test('of two tabs one waits, and is told what became of the file', async () => {
  const [first, second] = [new TabLock(), new TabLock()]
  const one = watch(first.claim('a', ever, silent))
  await vi.advanceTimersByTimeAsync(400)
  expect(one()).toEqual({ value: undefined })
  const waits = vi.fn()
  const two = watch(second.claim('a', ever, waits))
  const other = watch(second.claim('b', ever, silent))
  await vi.advanceTimersByTimeAsync(10_000)
  expect([two(), other()]).toEqual([undefined, { value: undefined }])
  expect(waits).toHaveBeenCalled()
  first.release('a', outcome)
  await vi.advanceTimersByTimeAsync(0)
  expect(two()).toEqual({ value: outcome })
})

test('of two that ask at the same time one gets it', async () => {
  const [first, second] = [new TabLock(), new TabLock()]
  const both = [first, second].map((tab) => watch(tab.claim('a', ever, silent)))
  await vi.advanceTimersByTimeAsync(5000)
  const got = both.filter((result) => result() !== undefined)
  expect(got.map((result) => result())).toEqual([{ value: undefined }])
})

test('what is chosen again in the same tab waits for the end of what was given up', async () => {
  const tab = new TabLock()
  const first = watch(tab.claim('a', ever, silent))
  await vi.advanceTimersByTimeAsync(400)
  expect(first()).toEqual({ value: undefined })
  const again = watch(tab.claim('a', ever, silent))
  const cancelled = new AbortController()
  const third = watch(tab.claim('a', cancelled.signal, silent))
  await vi.advanceTimersByTimeAsync(10_000)
  expect([again(), third()]).toEqual([undefined, undefined])
  cancelled.abort(new Error('cancelled'))
  await vi.advanceTimersByTimeAsync(0)
  expect(third()).toEqual({ error: new Error('cancelled') })
  tab.release('a')
  await vi.advanceTimersByTimeAsync(400)
  expect(again()).toEqual({ value: undefined })
})
