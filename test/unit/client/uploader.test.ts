import { expect, test, vi } from 'vitest'
import type { StoreFileInput } from '../../../app/client/uploader/store-file.ts'
import type { StoredFile } from '../../../app/client/uploader/stored-file.ts'
import { Uploader, type UploaderOptions } from '../../../app/client/uploader/uploader.ts'

const BUSY = {
  status: 503,
  code: 'Busy',
  message: '',
  ec: '',
  requestId: '',
  source: 'bucket' as const,
}
const SERVER = { serverUrl: 'http://server.example', accessCode: () => undefined }

interface Task extends PromiseWithResolvers<StoredFile> {
  input: StoreFileInput
}

/** An uploader whose files are stored when a test says so. */
function manualUploader(options: Partial<UploaderOptions> = {}) {
  const tasks: Task[] = []
  const log: string[] = []
  const uploader = new Uploader({
    ...SERVER,
    store: (input) => {
      const task = { input, ...Promise.withResolvers<StoredFile>() }
      tasks.push(task)
      input.signal.addEventListener('abort', () => task.reject(input.signal.reason))
      return task.promise
    },
    ...options,
  })
  uploader.subscribe((event) => {
    if (event.kind === 'changed') log.push(`${event.upload.name} ${event.upload.state.kind}`)
    else if (event.kind === 'paused') log.push(event.isPaused ? 'pause' : 'resume')
    else log.push(`${event.kind} ${event.uploads.map(({ name }) => name).join()}`)
  })
  const add = (...names: string[]): number[] =>
    uploader
      .add(names.map((name) => ({ name, type: 'text/plain', data: new Blob([name]) })))
      .map(({ id }) => id)
  const states = (): string[] => [...uploader.uploads].map(({ name, state }) => name + state.kind)
  const store = async (index: number): Promise<void> => {
    const { input, resolve } = tasks[index] as Task
    resolve({ key: `upload/${input.file.name}`, status: 200, callbackReply: '' })
    await vi.waitFor(() => {})
  }
  const fail = async (index: number): Promise<void> => {
    tasks[index]?.reject(new Error('refused'))
    await vi.waitFor(() => {})
  }
  const sent = (): string[] => tasks.map(({ input }) => input.file.name)
  return { uploader, tasks, log, add, states, store, fail, sent }
}

test('files are ready until they are started, and so many are sent at a time', async () => {
  const { uploader, log, add, states, store, sent } = manualUploader({ limit: 2 })
  const [a = 0] = add('a', 'b', 'c')
  expect(states()).toEqual(['aready', 'bready', 'cready'])
  uploader.start()
  expect(states()).toEqual(['asending', 'bsending', 'cwaiting'])
  expect(sent()).toEqual(['a', 'b'])
  await store(0)
  expect(uploader.find(a)?.state).toEqual({ kind: 'stored', key: 'upload/a', callbackReply: '' })
  expect(states()).toEqual(['astored', 'bsending', 'csending'])
  expect(log.slice(0, 4)).toEqual(['added a,b,c', 'a waiting', 'b waiting', 'c waiting'])
})

test('six files are sent at the same time', () => {
  const { uploader, add, sent } = manualUploader()
  add(...'abcdefgh')
  uploader.start()
  expect(sent()).toEqual([...'abcdef'])
})

test('a stored file that is still being verified makes room for the next one', async () => {
  const { uploader, tasks, add, states, store, sent } = manualUploader({ limit: 1 })
  add('a', 'b', 'c')
  uploader.start()
  tasks[0]?.input.onStored?.()
  expect(sent()).toEqual(['a', 'b'])
  await store(0)
  expect(states()).toEqual(['astored', 'bsending', 'cwaiting'])
})

test('a failed file is retried, alone or with all others, and under another name', async () => {
  const { uploader, tasks, add, states, store, fail } = manualUploader()
  const [a = 0] = add('a', 'b', 'c')
  uploader.start()
  for (const index of [0, 1, 2]) await fail(index)
  expect(states()).toEqual(['afailed', 'bfailed', 'cfailed'])
  uploader.retry([a], { rename: true })
  expect(states()).toEqual(['asending', 'bfailed', 'cfailed'])
  expect(tasks[3]?.input.file.rename).toBe(true)
  await store(3)
  uploader.retry()
  expect(states()).toEqual(['astored', 'bsending', 'csending'])
  expect(tasks.slice(4).map(({ input }) => input.file.rename)).toEqual([false, false])
})

test('a cancelled file frees its slot, and can start again', async () => {
  const { uploader, tasks, add, states, sent } = manualUploader({ limit: 1 })
  const [a = 0, b = 0] = add('a', 'b', 'c')
  uploader.start()
  uploader.cancel(b)
  uploader.cancel(a)
  expect(tasks[0]?.input.signal.aborted).toBe(true)
  expect(states()).toEqual(['acancelled', 'bcancelled', 'csending'])
  uploader.retry([a])
  expect(states()).toEqual(['awaiting', 'bcancelled', 'csending'])
  uploader.cancelAll()
  expect(states()).toEqual(['acancelled', 'bcancelled', 'ccancelled'])
  // The rejections of the aborted files change nothing.
  await vi.waitFor(() => {})
  expect(states()).toEqual(['acancelled', 'bcancelled', 'ccancelled'])
  expect(sent()).toEqual(['a', 'c'])
})

test('a paused file in parts lets another one start, and waits for a slot to resume', async () => {
  const { uploader, tasks, add, states, store } = manualUploader({
    limit: 1,
    multipartThreshold: () => 5,
  })
  const [large = 0] = add('large', 'b', 'c')
  uploader.start()
  uploader.pause(large)
  expect(tasks[0]?.input.gate.isPaused).toBe(true)
  expect(states()).toEqual(['largepaused', 'bsending', 'cwaiting'])
  uploader.resume(large)
  expect(states()).toEqual(['largewaiting', 'bsending', 'cwaiting'])
  await store(1)
  // It goes before files that have not started.
  expect(tasks[0]?.input.gate.isPaused).toBe(false)
  expect(states()).toEqual(['largesending', 'bstored', 'cwaiting'])
})

test('a form is not paused', () => {
  const { uploader, add, states } = manualUploader()
  const [a = 0] = add('a')
  uploader.start()
  uploader.pause(a)
  expect(states()).toEqual(['asending'])
})

test('pausing all holds the queue and files in parts, but not forms', async () => {
  const { uploader, log, add, states, store } = manualUploader({
    limit: 2,
    multipartThreshold: () => 5,
  })
  add('large', 'b', 'c')
  uploader.start()
  uploader.pauseAll()
  expect(states()).toEqual(['largepaused', 'bsending', 'cwaiting'])
  await store(1)
  expect(states()).toEqual(['largepaused', 'bstored', 'cwaiting'])
  uploader.resumeAll()
  expect(states()).toEqual(['largesending', 'bstored', 'csending'])
  expect(log.filter((line) => !line.includes(' '))).toEqual(['pause', 'resume'])
})

test('removed files are no longer in the list, and those that are sent are cancelled', async () => {
  const { uploader, tasks, log, add, states, store } = manualUploader()
  const [a = 0] = add('a', 'b', 'c')
  uploader.start()
  await store(1)
  uploader.remove([a])
  expect(tasks[0]?.input.signal.aborted).toBe(true)
  uploader.removeFinished()
  expect(states()).toEqual(['csending'])
  expect(log.filter((line) => line.startsWith('removed'))).toEqual(['removed a', 'removed b'])
  uploader.removeFinished()
  expect(log.at(-1)).toBe('removed b')
})

test('totals follow every change', async () => {
  const { uploader, tasks, add, store, fail } = manualUploader({ limit: 2 })
  const { totals } = uploader
  add('a', 'bb', 'ccc')
  expect([totals.of('ready'), totals.started, totals.active]).toEqual([
    { files: 3, bytes: 6 },
    { files: 0, bytes: 0 },
    0,
  ])
  uploader.start()
  expect([totals.started, totals.active]).toEqual([{ files: 3, bytes: 6 }, 3])
  tasks[1]?.input.onProgress({ kind: 'sending', sentBytes: 1 })
  // Progress is passed on at most ten times a second.
  await vi.waitFor(() => expect([totals.sentBytes, totals.remainingBytes]).toEqual([1, 5]))
  await store(0)
  await fail(1)
  expect([totals.of('stored'), totals.of('failed')]).toEqual([
    { files: 1, bytes: 1 },
    { files: 1, bytes: 2 },
  ])
  expect([totals.sentBytes, totals.remainingBytes, totals.active]).toEqual([1, 3, 1])
  uploader.cancelAll()
  expect([totals.started, totals.active]).toEqual([{ files: 2, bytes: 3 }, 0])
  expect(totals.bytesPerSecond).toBeUndefined()
})

test('10,000 files take the same time each, whether they are the first or the last', async () => {
  const uploader = new Uploader({
    ...SERVER,
    store: async () => ({ key: 'k', status: 200, callbackReply: '' }),
  })
  const done: number[] = []
  uploader.subscribe((event) => {
    if (event.kind === 'changed' && event.upload.state.kind === 'stored') {
      done.push(performance.now())
    }
  })
  const data = new Blob(['x'])
  uploader.add(Array.from({ length: 10_000 }, (_, i) => ({ name: `${i}`, type: '', data })))
  uploader.start()
  await vi.waitFor(() => expect(done).toHaveLength(10_000), { timeout: 20_000 })
  const first = (done[1000] ?? 0) - (done[0] ?? 0)
  const last = (done[9999] ?? 0) - (done[8999] ?? 0)
  expect(last).toBeLessThan(5 * first + 20)
})

test('files that wait for their next attempt let as many others go on', async () => {
  const { uploader, tasks, add, states, store, sent } = manualUploader({ limit: 2 })
  add(...'abcdefg')
  uploader.start()
  const delay = (index: number): void =>
    tasks[index]?.input.onProgress({ kind: 'retrying', delaySeconds: 9, details: BUSY })
  delay(0)
  delay(1)
  expect(sent()).toEqual([...'abcd'])
  // As many have lent their slots as the limit allows.
  delay(2)
  expect(sent()).toEqual([...'abcd'])
  await store(3)
  expect(sent()).toEqual([...'abcde'])
  tasks[0]?.input.onProgress({ kind: 'sending', sentBytes: 0 })
  await store(4)
  // The first one has its slot again, the third one has kept its own.
  expect(sent()).toEqual([...'abcde'])
  await store(0)
  expect(sent()).toEqual([...'abcdef'])
  uploader.cancelAll()
  add('h', 'i')
  uploader.start()
  expect(states().slice(-2)).toEqual(['hsending', 'isending'])
})
