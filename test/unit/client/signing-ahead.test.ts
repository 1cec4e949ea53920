import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FileDescription } from '../../../app/client/uploader/file-description.ts'
import type { RetryDelay } from '../../../app/client/uploader/retry-policy.ts'
import { SigningAhead } from '../../../app/client/uploader/signing-ahead.ts'
import { noResponse, serverError, UploadError } from '../../../app/client/uploader/upload-error.ts'

const server = { serverUrl: 'http://server.test/files', accessCode: () => 'code' }
const signal = new AbortController().signal
const LIFETIME_SECONDS = 600

/** Every request: its method, path, and the names of its files. */
let requests: string[] = []
let delays: RetryDelay[] = []
let queue: FileDescription[] = []
let respond: (names: string[]) => Response | undefined
const onDelay = (delay: RetryDelay) => void delays.push(delay)

const describeFile = (name: string, size = 1): FileDescription => ({
  name,
  size,
  type: '',
  rename: false,
})
const many = (count: number, size?: number) =>
  Array.from({ length: count }, (_, i) => describeFile(`f${i}`, size))
const form = (name: string) => ({ url: 'http://bucket', key: name, fields: {}, expire: 1 })
const signed = (names: string[]) =>
  Response.json({
    files: names.map((name) => ({ status: 200, ...form(name) })),
    expiresIn: LIFETIME_SECONDS,
  })

beforeEach(() => {
  vi.useFakeTimers()
  requests = []
  delays = []
  queue = []
  respond = signed
  vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
    const single = url.searchParams.get('name')
    const names = single
      ? [single]
      : (JSON.parse(String(init.body)).files as { name: string }[]).map(({ name }) => name)
    const shown = names.length > 2 ? `${names[0]}..${names.at(-1)} (${names.length})` : names.join()
    requests.push(`${init.method ?? 'GET'} ${url.pathname} ${shown}`)
    const response = respond(names)
    if (response === undefined) throw new TypeError('Failed to fetch')
    return response
  })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const create = () => new SigningAhead(server, (count) => queue.slice(0, count))

/** Starts the next file of the queue and returns the key of its form. */
async function next(signing: SigningAhead): Promise<string> {
  const file = queue.shift() as FileDescription
  return (await signing.sign(file, signal, onDelay)).key
}

describe('signing ahead', () => {
  test('one request signs the file whose turn has come and those after it', async () => {
    queue = many(3)
    const signing = create()
    expect([await next(signing), await next(signing), await next(signing)]).toEqual([
      'f0',
      'f1',
      'f2',
    ])
    expect(requests).toEqual(['POST /files/signatures f0..f2 (3)'])
  })

  test('a long queue is signed again when half of what is signed has been used', async () => {
    queue = many(1000)
    const signing = create()
    for (let i = 0; i < 1000; i += 1) expect(await next(signing)).toBe(`f${i}`)
    expect(requests.slice(0, 3)).toEqual([
      'POST /files/signatures f0..f94 (95)',
      'POST /files/signatures f95..f141 (47)',
      'POST /files/signatures f142..f188 (47)',
    ])
    expect(requests).toHaveLength(21)
  })

  test('large files are not signed long before their turn', async () => {
    queue = many(20, 3e6)
    const signing = create()
    for (let i = 0; i < 3; i += 1) await next(signing)
    queue = many(2, 5e9)
    await next(signing)
    expect(requests).toEqual(['POST /files/signatures f0..f11 (12)', 'POST /files/signatures f0'])
  })

  test('a form that has waited for half of its lifetime is requested again', async () => {
    queue = many(2)
    const signing = create()
    await next(signing)
    vi.advanceTimersByTime((LIFETIME_SECONDS / 2) * 1000)
    const requestedMs = Date.now()
    const { key, requestedMs: actual } = await signing.sign(
      queue.shift() as FileDescription,
      signal,
      onDelay,
    )
    expect([key, actual]).toEqual(['f1', requestedMs])
    expect(requests).toEqual(['POST /files/signatures f0,f1', 'POST /files/signatures f1'])
  })

  test('each attempt of a file has a new form', async () => {
    const signing = create()
    const file = describeFile('a')
    await signing.sign(file, signal, onDelay)
    await signing.sign(file, signal, onDelay)
    expect(requests).toEqual(['POST /files/signatures a', 'POST /files/signatures a'])
  })

  test('a refused file fails when its turn comes, and is not requested again before', async () => {
    respond = (names) =>
      Response.json({
        files: names.map((name) =>
          name === 'f1'
            ? { status: 415, code: 'TypeNotAllowed', message: 'No', requestId: 'id' }
            : form(name),
        ),
        expiresIn: LIFETIME_SECONDS,
      })
    queue = many(3)
    const signing = create()
    expect(await next(signing)).toBe('f0')
    await expect(next(signing)).rejects.toEqual(
      new UploadError(serverError(415, { code: 'TypeNotAllowed', message: 'No', requestId: 'id' })),
    )
    expect(await next(signing)).toBe('f2')
    expect(requests).toEqual(['POST /files/signatures f0..f2 (3)'])
  })

  test('an aborted file does not wait for its form', async () => {
    const abort = new AbortController()
    const file = create().sign(describeFile('a'), abort.signal, onDelay)
    abort.abort(new Error('cancelled'))
    await expect(file).rejects.toThrow('cancelled')
  })
})

describe('limits', () => {
  const limited = () => ({ status: 429, code: 'TooManyRequests', message: '', retryAfter: 7 })

  test('files beyond the limit wait as long as the server says, those with a form do not', async () => {
    respond = (names) =>
      Response.json({
        files: names.map((name, i) => (i < 2 ? form(name) : limited())),
        expiresIn: LIFETIME_SECONDS,
      })
    queue = many(4)
    const signing = create()
    expect([await next(signing), await next(signing)]).toEqual(['f0', 'f1'])
    expect(requests).toEqual(['POST /files/signatures f0..f3 (4)'])
    const rest = Promise.all([next(signing), next(signing)])
    await vi.advanceTimersByTimeAsync(6999)
    expect(requests).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(await rest).toEqual(['f2', 'f3'])
    expect(requests.slice(1)).toEqual(['POST /files/signatures f2,f3'])
    expect(delays.map((delay) => delay !== 'offline' && delay.delaySeconds)).toEqual([7, 7])
  })

  test('a server that refuses the whole request for a while is not asked before', async () => {
    respond = () =>
      Response.json({ code: 'TooManyRequests' }, { status: 429, headers: { 'retry-after': '3' } })
    const signing = create()
    const files = Promise.all(many(6).map((file) => signing.sign(file, signal, onDelay)))
    await vi.advanceTimersByTimeAsync(2999)
    expect(requests).toEqual(['POST /files/signatures f0..f5 (6)'])
    respond = signed
    await vi.advanceTimersByTimeAsync(1)
    expect((await files).map(({ key }) => key)).toEqual(['f0', 'f1', 'f2', 'f3', 'f4', 'f5'])
    expect(requests).toHaveLength(2)
  })

  test('a used-up quota fails the files that wait, and is not requested for each again', async () => {
    const refusal = { status: 429, code: 'QuotaExceeded', message: '', retryAfter: 3600 }
    respond = (names) =>
      Response.json({ files: names.map(() => refusal), expiresIn: LIFETIME_SECONDS })
    queue = many(3)
    const signing = create()
    for (let i = 0; i < 3; i += 1) await expect(next(signing)).rejects.toThrow('QuotaExceeded')
    expect(requests).toHaveLength(1)
  })

  test('a server without a response fails the file, and the others are requested in their turn', async () => {
    queue = many(3)
    const signing = create()
    expect(await next(signing)).toBe('f0')
    queue = many(3)
    respond = () => undefined
    await expect(next(signing)).rejects.toEqual(new UploadError(noResponse('server')))
    respond = signed
    expect(await next(signing)).toBe('f1')
    expect(requests.slice(1)).toEqual([
      'POST /files/signatures f0..f2 (3)',
      'POST /files/signatures f1',
    ])
  })
})

describe('servers without POST /signatures', () => {
  test.each([
    [404, { code: 'NotFound' }],
    [405, { code: 'MethodNotAllowed' }],
  ])('a %i makes the page request each file, six ahead', async (status, body) => {
    respond = (names) =>
      requests.at(-1)?.startsWith('POST')
        ? Response.json(body, { status })
        : Response.json(form(names[0] as string))
    queue = many(9)
    const signing = create()
    expect(await next(signing)).toBe('f0')
    expect(await next(signing)).toBe('f1')
    expect(requests).toEqual([
      'POST /files/signatures f0..f8 (9)',
      'GET /files/signature f0',
      'GET /files/signature f1',
    ])
    await vi.advanceTimersByTimeAsync(1000)
    expect(await next(signing)).toBe('f2')
    expect(requests.slice(3)).toEqual(
      [2, 3, 4, 5, 6, 7, 8].map((n) => `GET /files/signature f${n}`),
    )
  })

  test('one of another origin, which does not let the page post, signs each file', async () => {
    respond = (names) =>
      requests.at(-1)?.startsWith('POST') ? undefined : Response.json(form(names[0] as string))
    queue = many(2)
    const signing = create()
    expect([await next(signing), await next(signing)]).toEqual(['f0', 'f1'])
    expect(requests).toEqual([
      'POST /files/signatures f0,f1',
      'GET /files/signature f0',
      'GET /files/signature f1',
    ])
  })
})
