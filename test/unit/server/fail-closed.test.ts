import { Writable } from 'node:stream'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { type SigningOptions, signingRouter } from '../../../app/server/index.ts'
import { clientSubnet } from '../../../app/server/limits/client-subnet.ts'
import { FixedWindow } from '../../../app/server/limits/fixed-window.ts'
import { refusal, reported, serveApp, signing } from './app-server.ts'

const FILE = 'signature?name=a.png&size=4000000000'

describe('a hook that returns a wrong value signs nothing', () => {
  // biome-ignore lint/suspicious/noExplicitAny: values that the types forbid
  const wrong = (value: any) => async () => value
  test.each<[string, Partial<SigningOptions>, TypeError]>([
    ...[Number.NaN, -1, '5', undefined, null, {}].map(
      (value): [string, Partial<SigningOptions>, TypeError] => [
        `limit: ${value}`,
        { limit: wrong(value) },
        new TypeError('limit must return a number of bytes, 0 or more'),
      ],
    ),
    ...['no', 1, undefined, {}].map((value): [string, Partial<SigningOptions>, TypeError] => [
      `authorise: ${value}`,
      { authorise: wrong(value) },
      new TypeError('authorise must return true or false'),
    ]),
    ...['other/a', 5, undefined].map((value): [string, Partial<SigningOptions>, TypeError] => [
      `nameKey: ${value}`,
      { nameKey: value === undefined ? wrong({}) : wrong(value) },
      new TypeError('nameKey must return a key that starts with "upload/"'),
    ]),
  ])('%s', async (_title, change, error) => {
    const origin = await serveApp({ ...change, multipart: {} })
    for (const path of ['signature', 'multipart']) {
      const response = await fetch(`${origin}/${path}?name=a.png&size=4000000000`)
      expect(await refusal(response)).toEqual([
        500,
        'InternalError: The server failed; the log has the details',
      ])
    }
    expect(reported).toEqual([error, error])
  })

  test('infinity is no limit beside maxSize', async () => {
    const origin = await serveApp({ limit: () => Number.POSITIVE_INFINITY })
    expect((await fetch(`${origin}/${FILE}`)).status).toBe(200)
  })
})

describe('quotas an hour', () => {
  const MIB = 1024 ** 2
  const sign = (origin: string, path: string, size: number) =>
    fetch(`${origin}/${path}?name=a.png&size=${size}`)

  test('bytes count once they are signed, by form or in parts', async () => {
    const origin = await serveApp({ bytesPerHour: 10 * MIB, multipart: {} })
    expect((await sign(origin, 'signature', 4 * MIB)).status).toBe(200)
    expect((await sign(origin, 'multipart', 4 * MIB)).status).toBe(200)
    const refused = await sign(origin, 'multipart', 2 * MIB + 1)
    expect(refused.headers.get('retry-after')).toMatch(/^(3599|3600)$/)
    expect(await refusal(refused)).toEqual([
      429,
      'QuotaExceeded: No more than 10485760 bytes an hour are allowed; try again in 60 minutes',
    ])
    expect((await sign(origin, 'signature', 2 * MIB)).status).toBe(200)
    expect((await sign(origin, 'signature', 1)).status).toBe(429)
  })

  test('files count, and refused ones do not', async () => {
    const origin = await serveApp({ filesPerHour: 2, maxSize: 10 })
    expect((await sign(origin, 'signature', 11)).status).toBe(413)
    expect((await sign(origin, 'signature', 1)).status).toBe(200)
    expect((await sign(origin, 'signature', 0)).status).toBe(200)
    expect(await refusal(await sign(origin, 'signature', 0))).toEqual([
      429,
      'QuotaExceeded: No more than 2 files an hour are allowed; try again in 60 minutes',
    ])
  })

  test.each([0, -1, 1.5, Number.NaN])('a quota of %d is refused', (value) => {
    for (const name of ['filesPerHour', 'bytesPerHour']) {
      expect(() => signingRouter({ ...signing, [name]: value })).toThrow(
        new TypeError(`${name} must be a whole number, 1 or more`),
      )
    }
  })
})

test('a flood of clients takes little time and forgets the first ones', () => {
  const window = new FixedWindow(60_000)
  const first = window.usageOf('first', 0)
  const startedAt = performance.now()
  for (let i = 0; i < 300_000; i += 1) window.usageOf(`client ${i}`, 0)
  expect(performance.now() - startedAt).toBeLessThan(10_000)
  expect(window.usageOf('first', 0)).not.toBe(first)
})

test.each([
  ['192.0.2.7:1234', '192.0.2.7'],
  ['[2001:db8::1]:443', '2001:db8::/56'],
  ['[2001:db8::1]', '2001:db8::/56'],
  ['2001:db8::1', '2001:db8::/56'],
  ['192.0.2.7:', 'unknown'],
])('the forwarded address %s counts as %s', (address, subnet) => {
  expect(clientSubnet(address)).toBe(subnet)
})

test('a port in X-Forwarded-For makes no other client', async () => {
  const origin = await serveApp({}, { signaturesPerMinute: 1, trustedProxies: 1 })
  const statuses: number[] = []
  for (const address of ['203.0.113.9', '203.0.113.9:1024', '203.0.113.9:1025', '203.0.113.8']) {
    const headers = { 'x-forwarded-for': address }
    statuses.push((await fetch(`${origin}/signature?name=a&size=1`, { headers })).status)
  }
  expect(statuses).toEqual([200, 429, 429, 200])
})

test('a proxy that is not trusted is logged once', async () => {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const log = pino({ level: 'warn' }, stream)
  const headers = { 'x-forwarded-for': '203.0.113.9' }
  const trusting = await serveApp({}, { log, trustedProxies: 1 })
  await fetch(`${trusting}/healthz`, { headers })
  expect(lines).toEqual([])
  const origin = await serveApp({}, { log })
  for (let i = 0; i < 3; i += 1) await fetch(`${origin}/healthz`, { headers })
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    'A request has X-Forwarded-For, but TRUSTED_PROXIES is 0: behind a proxy all clients count as one. Set TRUSTED_PROXIES to the number of proxies in front of this server',
  ])
})

test.each([
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'Forwarded',
  'Via',
  'X-Real-IP',
  'X-Client-IP',
  'True-Client-IP',
  'CF-Connecting-IP',
])('metrics for this machine are not answered to a request with %s', async (header) => {
  const origin = await serveApp()
  expect((await fetch(`${origin}/metrics`)).status).toBe(200)
  expect((await fetch(`${origin}/metrics`, { headers: { [header]: '127.0.0.1' } })).status).toBe(
    404,
  )
})
