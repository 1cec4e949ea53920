import { expect, test } from 'vitest'
import { DEFAULTS } from '../../../app/contract/index.ts'
import { BoundedMap } from '../../../app/server/limits/bounded-map.ts'
import { clientSubnet } from '../../../app/server/limits/client-subnet.ts'
import { FixedWindow } from '../../../app/server/limits/fixed-window.ts'
import { TokenBucket } from '../../../app/server/limits/token-bucket.ts'
import { serveApp } from './app-server.ts'

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:22ff:3:4:5:6', '2001:db8:1:2200::/56'],
  ['2001:db8:1:2201::9', '2001:db8:1:2200::/56'],
  ['2001:db8::1', '2001:db8::/56'],
  ['::1', '::/56'],
  ['fe80::1%eth0', 'fe80::/56'],
  ['64:ff9b:1:ff00::c000:207', '64:ff9b:1:ff00::/56'],
  ['', 'unknown'],
  ['not an address', 'unknown'],
])('%s counts as %s', (address, network) => {
  expect(clientSubnet(address)).toBe(network)
})

test('a window starts with the first request and ends after its time', () => {
  const window = new FixedWindow(1000)
  const first = window.usageOf('a', 0)
  expect({ ...first }).toEqual({ used: 0, resetAt: 1000 })
  first.used += 1
  expect({ ...window.usageOf('b', 400) }).toEqual({ used: 0, resetAt: 1400 })
  expect(window.usageOf('a', 999)).toBe(first)
  expect(window.usageOf('a', 1000)).toEqual({ used: 0, resetAt: 2000 })
})

const TAKEN = { isGranted: true, left: 0, fullSeconds: 60, nextSeconds: 30 }

test('a bucket of tokens grants a minute at once and refills steadily', () => {
  const bucket = new TokenBucket(2)
  expect(bucket.take('a', 0)).toEqual({
    isGranted: true,
    left: 1,
    fullSeconds: 30,
    nextSeconds: 0,
  })
  expect(bucket.take('a', 0)).toEqual(TAKEN)
  expect(bucket.take('a', 29_999)).toEqual({
    isGranted: false,
    left: 0,
    fullSeconds: 31,
    nextSeconds: 1,
  })
  expect(bucket.take('a', 30_000)).toEqual(TAKEN)
  expect(bucket.take('b', 30_000).left).toBe(1)
  expect(bucket.take('a', 10_000_000, 0).left).toBe(2)
})

test('a clock that is set back takes no tokens away and adds none', () => {
  const bucket = new TokenBucket(2)
  bucket.take('a', 60_000)
  expect(bucket.take('a', 0).left).toBe(0)
  expect(bucket.take('a', 30_000)).toEqual(TAKEN)
})

/** Returns how many of the files that are requested at a steady rate are refused. */
function refused(limit: number, filesPerSecond: number, seconds: number): number {
  const bucket = new TokenBucket(limit)
  let count = 0
  for (let file = 0; file < filesPerSecond * seconds; file += 1) {
    if (!bucket.take('office', (file / filesPerSecond) * 1000).isGranted) count += 1
  }
  return count
}

// A file of 100 KB takes 0.8 Mbit.
const LINES: [string, { filesPerSecond: number; seconds: number; refused: number }][] = [
  ['5,000 files at once', { filesPerSecond: 5e6, seconds: 0.001, refused: 0 }],
  ['20 visitors who share 50 Mbit/s', { filesPerSecond: 62.5, seconds: 1600, refused: 0 }],
  ['20 visitors who share 160 Mbit/s', { filesPerSecond: 200, seconds: 500, refused: 0 }],
  ['20 visitors with photos of 3 MB on 1 Gbit/s', { filesPerSecond: 42, seconds: 600, refused: 0 }],
  // 12,000 at once, and 200 a second after that.
  ['a robot that signs 2,000 a second', { filesPerSecond: 2000, seconds: 60, refused: 96_001 }],
]
test.each(LINES)('the default limit and %s', (_title, line) => {
  const { signaturesPerMinute } = DEFAULTS
  expect(refused(signaturesPerMinute, line.filesPerSecond, line.seconds)).toBe(line.refused)
})

test('whoever guesses the access code is stopped, even with the right one', async () => {
  const origin = await serveApp({ accessCode: 'open-sesame' })
  const status = async (code?: string) => {
    const headers = code === undefined ? {} : { 'x-access-code': code }
    return (await fetch(`${origin}/signature?name=a&size=1`, { headers })).status
  }
  // A request without a code is no guess.
  for (let i = 0; i < 10; i += 1) expect(await status()).toBe(401)
  const guesses = await Promise.all(Array.from({ length: 140 }, () => status('wrong')))
  const [unauthorised, limited] = [401, 429].map((s) => guesses.filter((g) => g === s).length)
  expect((unauthorised ?? 0) + (limited ?? 0)).toBe(140)
  expect(unauthorised).toBeGreaterThanOrEqual(120)
  expect(unauthorised).toBeLessThan(130)
  // One more guess flows into the bucket every half second.
  for (let i = 0; i < 10 && (await status('wrong')) === 401; i += 1);
  expect(await status('open-sesame')).toBe(429)
})

test('a bounded map keeps what was used last', () => {
  const map = new BoundedMap<number, string>(4)
  for (const key of [1, 2, 3, 4]) map.set(key, `${key}`)
  expect([4, 3, 2].map((key) => map.get(key))).toEqual(['4', '3', '2'])
  const other = new BoundedMap<number, string>(4)
  for (let key = 0; key < 100; key += 1) {
    other.set(key, `${key}`)
    expect(other.get(0)).toBe('0')
  }
  const kept = Array.from({ length: 100 }, (_, key) => key).filter((key) => other.get(key))
  expect(kept).toEqual([0, 98, 99])
})

test('every response says what is left, a refusal when to retry', async () => {
  const origin = await serveApp({}, { signaturesPerMinute: 2 })
  const seen: unknown[] = []
  for (let i = 0; i < 3; i += 1) {
    const { status, headers } = await fetch(`${origin}/signature?name=a.png&size=1`)
    seen.push([status, headers.get('ratelimit')])
    expect(headers.get('ratelimit-policy')).toMatch(
      /^"2-in-1min"; q=2; w=60; pk=:[A-Za-z0-9+/]{12}:$/,
    )
    expect(headers.get('retry-after') ?? '').toMatch(status === 429 ? /^30$/ : /^$/)
  }
  expect(seen).toEqual([
    [200, '"2-in-1min"; r=1; t=30'],
    [200, '"2-in-1min"; r=0; t=60'],
    [429, '"2-in-1min"; r=0; t=60'],
  ])
})
