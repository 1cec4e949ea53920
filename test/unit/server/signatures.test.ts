import { describe, expect, test } from 'vitest'
import type { SignaturesResponse } from '../../../app/contract/index.ts'
import { RequestError } from '../../../app/server/http/errors.ts'
import { refusal, reported, SECRET, serveApp } from './app-server.ts'

const now = () => new Date('2026-11-24T12:00:00.500Z')

function post(origin: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${origin}/signatures`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })
}

async function sign(origin: string, files: unknown[]): Promise<SignaturesResponse['files']> {
  const response = await post(origin, { files })
  expect(response.status).toBe(200)
  const id = response.headers.get('x-request-id')
  return ((await response.json()) as SignaturesResponse).files.map((file) => {
    if (!('requestId' in file)) return file
    const { requestId, ...rest } = file
    expect(requestId).toBe(id)
    return rest as typeof file
  })
}

describe('POST /signatures', () => {
  test('each file is signed as GET /signature signs it', async () => {
    const callbackUrl = 'http://203.0.113.9/callback'
    const origin = await serveApp({ now, naming: 'keep', callbackUrl })
    const files = [
      { name: 'a/照片.png', type: 'image/png', size: 7 },
      { name: 'b.bin', size: 0 },
    ]
    const response = await post(origin, { files })
    const single = await Promise.all(
      files.map(async ({ name, type = '', size }) => {
        const query = new URLSearchParams({ name, type, size: String(size) })
        const form = await (await fetch(`${origin}/signature?${query}`)).json()
        const { url, method, fields, key, expire } = form
        return { status: 200, url, method, fields, key, expire }
      }),
    )
    expect(await response.json()).toEqual({ files: single, expiresIn: 600 })
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
  })

  test('each file is refused as GET /signature refuses it, and the others are signed', async () => {
    const origin = await serveApp({ maxSize: 10, allowedTypes: ['.png'], naming: 'keep' })
    const files = [
      { name: 'a.png', size: 11 },
      { name: 'a.png', size: 10 },
      { name: 'a.exe', size: 1 },
      { name: 'a.png' },
      { name: 'a.png', size: 1.5 },
      { name: 'a.png', size: '9' },
      { name: ['a', 'b'], size: 1 },
      { name: 'a.png', size: 1, type: '\r\n' },
      {},
    ]
    const answers = await sign(origin, files)
    expect(answers.map((a) => ('key' in a ? a.key : a))).toEqual([
      {
        status: 413,
        code: 'FileTooLarge',
        message: 'The file has 11 bytes; at most 10 are allowed',
      },
      'upload/a.png',
      { status: 415, code: 'TypeNotAllowed', message: 'Only these files are allowed: .png' },
      invalid('The parameter "size" must be a number of bytes'),
      invalid('The parameter "size" must be a number of bytes'),
      'upload/a.png',
      invalid('The parameter "name" must be given once, not empty'),
      invalid('The parameter "type" must be a MIME type'),
      invalid('A file needs name and size'),
    ])
  })

  test('conflict=rename chooses another name', async () => {
    const origin = await serveApp({ naming: 'keep' })
    const [answer] = await sign(origin, [{ name: 'a.png', size: 1, conflict: 'rename' }])
    expect(answer).toHaveProperty('key', expect.stringMatching(/^upload\/a \([0-9a-f]{8}\)\.png$/))
  })

  test('the hourly quota refuses the files beyond it', async () => {
    const origin = await serveApp({ bytesPerHour: 10 })
    const answers = await sign(origin, [
      { name: 'a', size: 8 },
      { name: 'b', size: 3 },
      { name: 'c', size: 2 },
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 429, 200])
    expect(answers[1]).toEqual({
      status: 429,
      code: 'QuotaExceeded',
      message: 'No more than 10 bytes an hour are allowed; try again in 60 minutes',
      retryAfter: 3600,
    })
  })

  test('every file counts towards the rate limit, and those beyond it are refused', async () => {
    const origin = await serveApp({}, { signaturesPerMinute: 2 })
    const file = { name: 'a', size: 1 }
    const limited = {
      status: 429,
      code: 'TooManyRequests',
      message: 'Too many requests; try again in 30 s',
      retryAfter: 30,
    }
    const answers = await sign(origin, [file, file, file, file])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429])
    expect(answers[3]).toEqual(limited)
    const response = await post(origin, { files: [file] })
    expect(response.headers.get('retry-after')).toBe('30')
    expect(await refusal(response)).toEqual([429, `TooManyRequests: ${limited.message}`])
  })

  test('a failure of a hook concerns its file only, and is reported without details', async () => {
    const origin = await serveApp({
      nameKey: ({ name }) => {
        if (name === 'a') throw new Error(SECRET)
        if (name === 'b') throw new RequestError('Forbidden', 'Not that one')
        return `upload/${name}`
      },
    })
    const answers = await sign(
      origin,
      ['a', 'b', 'c'].map((name) => ({ name, size: 1 })),
    )
    expect(answers.map((answer) => ('key' in answer ? answer.key : answer))).toEqual([
      {
        status: 500,
        code: 'InternalError',
        message: 'The server failed; the log has the details',
      },
      { status: 403, code: 'Forbidden', message: 'Not that one' },
      'upload/c',
    ])
    expect(reported).toEqual([new Error(SECRET)])
  })

  test('the hooks for clients are called once for all files', async () => {
    const calls: string[] = []
    const origin = await serveApp({
      authorise: () => calls.push('authorise') > 0,
      limit: () => calls.push('limit') * 2,
    })
    const answers = await sign(origin, [
      { name: 'a', size: 4 },
      { name: 'b', size: 5 },
    ])
    expect([answers.map(({ status }) => status), calls]).toEqual([
      [200, 413],
      ['authorise', 'limit'],
    ])
  })

  test('100 files are one compressed answer', async () => {
    const origin = await serveApp()
    const files = Array.from({ length: 100 }, (_, i) => ({
      name: `IMG_${i}.jpg`,
      size: 100_000 + i,
    }))
    expect((await sign(origin, files)).map(({ status }) => status)).toEqual(Array(100).fill(200))
    const response = await post(origin, { files }, { 'accept-encoding': 'gzip' })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(await refusal(await post(origin, { files: [...files, files[0]] }))).toEqual([
      400,
      'InvalidRequest: "files" must name 1 to 100 files, not 101',
    ])
  })

  const SAMPLE =
    'InvalidRequest: The body must be JSON like {"files":[{"name":"a.jpg","type":"image/jpeg","size":1}]}'
  test.each<[string, string, Record<string, string>, [number, string]]>([
    ['no files', '{}', {}, [400, SAMPLE]],
    ['a list', '[{"name":"a","size":1}]', {}, [400, SAMPLE]],
    ['a text among the files', '{"files":["a"]}', {}, [400, SAMPLE]],
    ['null among the files', '{"files":[null]}', {}, [400, SAMPLE]],
    [
      'no file',
      '{"files":[]}',
      {},
      [400, 'InvalidRequest: "files" must name 1 to 100 files, not 0'],
    ],
    ['broken JSON', '{"files":', {}, [400, 'InvalidRequest: The request is not understood']],
    [
      'another type',
      '{"files":[{"name":"a","size":1}]}',
      { 'content-type': 'text/plain' },
      [400, SAMPLE],
    ],
    [
      'a compressed body',
      '{}',
      { 'content-encoding': 'gzip' },
      [400, 'InvalidRequest: The request is not understood'],
    ],
    [
      'a large body',
      JSON.stringify({ files: [{ name: 'a'.repeat(1024 * 1024), size: 1 }] }),
      {},
      [413, 'RequestTooLarge: The request is larger than is allowed here'],
    ],
  ])('%s is refused', async (_title, body, headers, expected) => {
    expect(await refusal(await post(await serveApp(), body, headers))).toEqual(expected)
  })

  test('the access code is checked before the body is read', async () => {
    const origin = await serveApp({ accessCode: 'open-sesame' })
    expect((await refusal(await post(origin, '{"files":')))[0]).toBe(401)
    const headers = { 'x-access-code': 'open-sesame' }
    expect((await post(origin, { files: [{ name: 'a', size: 1 }] }, headers)).status).toBe(200)
  })

  test('pages of allowed origins may send it, and read when to retry', async () => {
    const site = 'https://page.example'
    const origin = await serveApp({}, { corsOrigins: [site] })
    const { status, headers } = await fetch(`${origin}/signatures`, {
      method: 'OPTIONS',
      headers: { origin: site, 'access-control-request-method': 'POST' },
    })
    expect([
      status,
      headers.get('access-control-allow-origin'),
      headers.get('access-control-allow-methods'),
      headers.get('access-control-allow-headers'),
    ]).toEqual([204, site, 'GET, HEAD, POST', 'content-type, x-access-code'])
    const answer = await post(origin, { files: [] }, { origin: site })
    expect(answer.headers.get('access-control-expose-headers')).toBe('Retry-After, X-Request-Id')
    const get = await fetch(`${origin}/signatures`)
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
  })

  test('metrics count its files by result', async () => {
    const origin = await serveApp({ maxSize: 10 })
    await sign(origin, [
      { name: 'a', size: 1 },
      { name: 'b', size: 2 },
      { name: 'c', size: 11 },
    ])
    await post(origin, '{')
    const text = await (await fetch(`${origin}/metrics`)).text()
    expect(text.split('\n').filter((line) => line.startsWith('signatures_total'))).toEqual([
      'signatures_total{result="ok"} 2',
      'signatures_total{result="FileTooLarge"} 1',
      'signatures_total{result="InvalidRequest"} 1',
    ])
  })
})

function invalid(message: string) {
  return { status: 400, code: 'InvalidRequest', message }
}
