import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { noResponse, UploadError } from '../../../app/client/uploader/upload-error.ts'
import { sendXhr } from '../../../app/client/uploader/xhr.ts'

class FakeXhr {
  static last: FakeXhr
  readonly upload: { onprogress?: (event: { loaded: number }) => void } = {}
  onload = (): void => {}
  onerror = (): void => {}
  onabort = (): void => {}
  onloadend = (): void => {}
  responseType = ''
  status = 0
  responseText = ''

  constructor() {
    FakeXhr.last = this
  }

  open(): void {}
  send(): void {}

  abort(): void {
    this.onabort()
    this.onloadend()
  }

  respond(status: number, body: string): void {
    Object.assign(this, { status, responseText: body })
    this.onload()
    this.onloadend()
  }

  getAllResponseHeaders(): string {
    return 'ETag: "A"\r\nx-oss-hash-crc64ecma: 7\r\n'
  }
}

let controller: AbortController
let sent: number[] = []
let checkSource = async (): Promise<void> => {}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('XMLHttpRequest', FakeXhr)
  controller = new AbortController()
  sent = []
  checkSource = async () => {}
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const send = () =>
  sendXhr({
    method: 'PUT',
    url: 'http://bucket.example/a',
    body: new Blob(['12345']),
    totalBytes: 5,
    onProgress: (sentBytes) => sent.push(sentBytes),
    checkSource: () => checkSource(),
    signal: controller.signal,
  })

test('a response has a status, a text and headers', async () => {
  const response = send()
  FakeXhr.last.upload.onprogress?.({ loaded: 3 })
  FakeXhr.last.upload.onprogress?.({ loaded: 900 })
  FakeXhr.last.respond(200, 'done')
  const { status, text, header } = await response
  expect([status, text, header('etag'), header('x')]).toEqual([200, 'done', '"A"', undefined])
  expect(sent).toEqual([3, 5])
  // Any other type lets Firefox parse an empty body as XML.
  expect(FakeXhr.last.responseType).toBe('text')
})

test('a rejected request fails with OSS’s error', async () => {
  const response = send()
  FakeXhr.last.respond(403, '<Error><Code>AccessDenied</Code></Error>')
  await expect(response).rejects.toMatchObject({ details: { status: 403, code: 'AccessDenied' } })
})

test('an abort that nobody has requested is a lost connection', async () => {
  const response = send()
  FakeXhr.last.abort()
  await expect(response).rejects.toEqual(new UploadError(noResponse('bucket')))
})

test('a requested abort fails with its reason', async () => {
  const response = send()
  controller.abort(new Error('cancelled'))
  await expect(response).rejects.toThrow('cancelled')
})

test('a connection that stops is a lost connection', async () => {
  const response = send()
  const failure = expect(response).rejects.toEqual(new UploadError(noResponse('bucket')))
  FakeXhr.last.upload.onprogress?.({ loaded: 2 })
  FakeXhr.last.upload.onprogress?.({ loaded: 3 })
  await vi.advanceTimersByTimeAsync(45_000)
  await failure
})

test('a file that has changed already ends its request', async () => {
  checkSource = async () => {
    throw new Error('changed')
  }
  await expect(send()).rejects.toThrow('changed')
})

test('a file that has changed ends a request that no longer moves', async () => {
  const failure = expect(send()).rejects.toThrow('changed')
  checkSource = async () => {
    throw new Error('changed')
  }
  await vi.advanceTimersByTimeAsync(5000)
  await failure
})
