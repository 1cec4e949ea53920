import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type FetchOptions, signingHandler } from '../../../app/server/fetch-handler.ts'
import { serveApp, signing } from './app-server.ts'

const now = () => new Date('2026-11-24T12:00:00.500Z')
const { credentials, bucket, region, uploadHost } = signing
const options = {
  credentials,
  bucket,
  region,
  uploadHost,
  now,
  naming: 'keep' as const,
  maxSize: 10,
  allowedTypes: ['.png'],
} satisfies FetchOptions

const json = { 'content-type': 'application/json' }
const file = { name: 'a.png', type: 'image/png', size: 7 }

function post(body: unknown, headers: Record<string, string> = json): RequestInit {
  return { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) }
}

/** Path and request, which the router for Express and the handler have to answer alike. */
const REQUESTS: [string, RequestInit?][] = [
  ['/signature?name=a.png&type=image/png&size=7'],
  ['/signature?name=%E7%85%A7%E7%89%87.png&size=0'],
  ['/signature?name=a.png&size=11'],
  ['/signature?name=a.exe&size=1'],
  ['/signature?name=a.png&name=b.png&size=1'],
  ['/signature?name=a.png'],
  ['/signature'],
  ['/signature?name=a.png&size=7', { method: 'POST' }],
  ['/signature?name=a.png&size=7', { method: 'HEAD' }],
  ['/config.json', { method: 'OPTIONS' }],
  ['/signatures', { method: 'OPTIONS' }],
  ['/signatures', post({ files: [file, { name: 'a.exe', size: 1 }, { name: 'a.png' }] })],
  ['/signatures', post({ files: [] })],
  ['/signatures', post({ files: [file] }, { 'content-type': 'Application/JSON; charset=utf-8' })],
  ['/signatures', post('{"files":')],
  ['/signatures', post({ files: [file] }, { 'content-type': 'text/plain' })],
  ['/signatures', post({ files: [{ ...file, name: 'a'.repeat(1024 * 1024) }] })],
  ['/signatures', { method: 'POST' }],
  ['/signatures'],
  ['/config.json'],
  ['/nothing'],
]

async function summary(response: Response): Promise<unknown> {
  const text = await response.text()
  const id = response.headers.get('x-request-id') ?? 'none'
  const names = ['cache-control', 'content-type', 'allow', 'retry-after']
  const headers = names.map((name) => response.headers.get(name))
  return [response.status, headers, text.replaceAll(id, 'ID')]
}

test.each(REQUESTS)(
  '%s %# is answered as the router for Express answers it',
  async (path, init = {}) => {
    const origin = await serveApp(options)
    const handler = signingHandler(options)
    const expected = await summary(await fetch(`${origin}${path}`, init))
    const answer = await handler(new Request(`https://app.example/api/upload${path}`, init))
    expect(await summary(answer)).toEqual(expected)
  },
)

test('a compressed body is refused', async () => {
  const body = gzipSync(JSON.stringify({ files: [file] }))
  const headers = { ...json, 'content-encoding': 'gzip' }
  const request = new Request('https://app.example/signatures', { method: 'POST', headers, body })
  expect((await signingHandler(options)(request)).status).toBe(400)
})

describe('the hooks', () => {
  test('receive the request, and decide', async () => {
    const seen: Request[] = []
    const handler = signingHandler({
      ...options,
      authorise: (request) => {
        seen.push(request)
        return request.headers.get('authorization') === 'Bearer let-me'
      },
      nameKey: ({ name }, request) => `upload/${request.headers.get('x-user')}/${name}`,
      limit: () => 5,
    })
    const url = 'https://app.example/signature?name=a.png&size='
    const headers = { authorization: 'Bearer let-me', 'x-user': 'ada' }
    const requests = [
      new Request(`${url}5`, { headers }),
      new Request(`${url}6`, { headers }),
      new Request(`${url}5`),
    ]
    const answers = await Promise.all(requests.map(handler))
    expect(answers.map(({ status }) => status)).toEqual([200, 413, 403])
    expect(await answers[0]?.json()).toMatchObject({ key: 'upload/ada/a.png' })
    expect(seen).toEqual(requests)
  })

  test('that fail are reported, and answered without details', async () => {
    const reported: unknown[] = []
    const handler = signingHandler({
      ...options,
      authorise: () => Promise.reject(new Error('the database is gone')),
      report: (error, requestId) => void reported.push([error, requestId]),
    })
    const answer = await handler(new Request('https://app.example/signature?name=a.png&size=1'))
    const { requestId, ...body } = (await answer.json()) as Record<string, string>
    expect([answer.status, body.code]).toEqual([500, 'InternalError'])
    expect(reported).toEqual([[new Error('the database is gone'), requestId]])
  })
})

test('access codes and quotas count by the address that the application names', async () => {
  const handler = signingHandler({
    ...options,
    accessCode: 'open sesame',
    filesPerHour: 1,
    clientAddress: (request) => request.headers.get('x-real-ip') ?? '',
  })
  const statusFor = async (ip: string, code: string) => {
    const headers = { 'x-access-code': code, 'x-real-ip': ip }
    const request = new Request('https://app.example/signature?name=a.png&size=1', { headers })
    return (await handler(request)).status
  }
  expect(await statusFor('192.0.2.1', 'guess')).toBe(401)
  expect(await statusFor('192.0.2.1', 'open sesame')).toBe(200)
  expect(await statusFor('192.0.2.1', 'open sesame')).toBe(429)
  expect(await statusFor('192.0.2.2', 'open sesame')).toBe(200)
})

test.each([{ accessCode: 'open sesame' }, { filesPerHour: 1 }, { bytesPerHour: 1 }])(
  '%o without a way to find the address is a mistake',
  (change) => {
    const [name] = Object.keys(change)
    expect(() => signingHandler({ ...options, ...change })).toThrow(
      new TypeError(`${name} needs clientAddress, the address of the client`),
    )
  },
)
