import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { TabLock } from '../../../app/client/uploader/multipart/tab-lock.ts'

/** The channels of all tabs; each receives what the others send. */
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

const stored = { key: 'upload/a', status: 200, callbackReply: '' }
const never = new AbortController().signal
const nothing = (): void => {}

beforeEach(() => {
  vi.useFakeTimers()
  channels.clear()
  vi.stubGlobal('BroadcastChannel', Channel)
  vi.stubGlobal('addEventListener', nothing)
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Returns how a promise has settled; undefined while it is pending. */
function watch(promise: Promise<unknown>): () => unknown {
  let result: unknown
  promise.then(
    (value) => {
      result = { value }
    },
    (error: unknown) => {
      result = { error }
    },
  )
  return () => result
}

test('of two tabs one waits and gets the file that the other has stored', async () => {
  const [first, second] = [new TabLock(), new TabLock()]
  const one = watch(first.acquire('a', never, nothing))
  await vi.advanceTimersByTimeAsync(400)
  expect(one()).toEqual({ value: undefined })
  const onWait = vi.fn()
  const two = watch(second.acquire('a', never, onWait))
  const other = watch(second.acquire('b', never, nothing))
  await vi.advanceTimersByTimeAsync(10_000)
  expect([two(), other()]).toEqual([undefined, { value: undefined }])
  expect(onWait).toHaveBeenCalled()
  first.release('a', stored)
  await vi.advanceTimersByTimeAsync(0)
  expect(two()).toEqual({ value: stored })
})

test('of two tabs that request a lock at the same time one gets it', async () => {
  const [first, second] = [new TabLock(), new TabLock()]
  const both = [first, second].map((tab) => watch(tab.acquire('a', never, nothing)))
  await vi.advanceTimersByTimeAsync(5000)
  const settled = both.map((result) => result()).filter((result) => result !== undefined)
  expect(settled).toEqual([{ value: undefined }])
})

test('a file that is selected again waits for the end of its cancelled upload', async () => {
  const tab = new TabLock()
  const first = watch(tab.acquire('a', never, nothing))
  await vi.advanceTimersByTimeAsync(400)
  expect(first()).toEqual({ value: undefined })
  const second = watch(tab.acquire('a', never, nothing))
  const cancel = new AbortController()
  const third = watch(tab.acquire('a', cancel.signal, nothing))
  await vi.advanceTimersByTimeAsync(10_000)
  expect([second(), third()]).toEqual([undefined, undefined])
  cancel.abort(new Error('cancelled'))
  await vi.advanceTimersByTimeAsync(0)
  expect(third()).toEqual({ error: new Error('cancelled') })
  tab.release('a')
  await vi.advanceTimersByTimeAsync(400)
  expect(second()).toEqual({ value: undefined })
})
