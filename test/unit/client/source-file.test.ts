import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pageError } from '../../../app/client/uploader/error-kind.ts'
import { SourceFile } from '../../../app/client/uploader/source-file.ts'
import { UploadError } from '../../../app/client/uploader/upload-error.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** Returns a blob whose reads fail with these errors in turn; `undefined` is a read that works. */
function blobWith(failures: (DOMException | undefined)[], bytes = 1): Blob {
  const reads = failures.values()
  const slice = {
    arrayBuffer: async () => {
      const failure = reads.next().value
      if (failure) throw failure
      return new ArrayBuffer(bytes)
    },
  }
  return { size: 10, slice: () => slice } as unknown as Blob
}

async function checkResult(source: SourceFile): Promise<unknown> {
  const result = source.check().catch((error: unknown) => error)
  await vi.runAllTimersAsync()
  return result
}

const notReadable = new DOMException('', 'NotReadableError')
const notFound = new DOMException('', 'NotFoundError')
const error = (kind: Parameters<typeof pageError>[0]) => new UploadError(pageError(kind))

test('a file that can be read passes', async () => {
  expect(await checkResult(new SourceFile(new Blob(['content'])))).toBeUndefined()
  expect(await checkResult(new SourceFile(new Blob([])))).toBeUndefined()
})

test('a read that fails once, as while the page is being left, is repeated', async () => {
  expect(await checkResult(new SourceFile(blobWith([notReadable])))).toBeUndefined()
})

test('a file that is gone has changed in WebKit, which finds neither', async () => {
  expect(await checkResult(new SourceFile(blobWith([notFound, notFound])))).toEqual(
    error('fileChanged'),
  )
})

test('a file that is gone is missing in Chromium', async () => {
  vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 Chrome/140.0.0.0 Safari/537.36' })
  expect(await checkResult(new SourceFile(blobWith([notFound, notFound])))).toEqual(
    error('fileMissing'),
  )
})

test('a file that could never be read is unreadable', async () => {
  expect(await checkResult(new SourceFile(blobWith([notReadable, notReadable])))).toEqual(
    error('fileUnreadable'),
  )
})

test('a file that could be read before has changed', async () => {
  const source = new SourceFile(blobWith([undefined, undefined, notReadable, notReadable]))
  expect(await checkResult(source)).toBeUndefined()
  expect(await checkResult(source)).toEqual(error('fileChanged'))
})

test('a file that is shorter than it was has changed', async () => {
  expect(await checkResult(new SourceFile(blobWith([], 0)))).toEqual(error('fileChanged'))
})

test.each([{ lastModified: 2 }, { size: 8 }])('a file that now has %j has changed', async (now) => {
  const file = new File(['content'], 'a', { lastModified: 1 })
  const source = new SourceFile(file)
  const [[name, value]] = Object.entries(now) as [[string, number]]
  Object.defineProperty(file, name, { value })
  expect(await checkResult(source)).toEqual(error('fileChanged'))
})
