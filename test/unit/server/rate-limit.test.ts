import { expect, test } from 'vitest'
import { BoundedMap } from '../../../app/server/limits/bounded-map.ts'
import { clientSubnet } from '../../../app/server/limits/client-subnet.ts'
import { FixedWindow } from '../../../app/server/limits/fixed-window.ts'
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
    seen.push([status, headers.get('ratelimit')?.replace(/t=(59|60)$/, 't=60')])
    expect(headers.get('ratelimit-policy')).toMatch(
      /^"2-in-1min"; q=2; w=60; pk=:[A-Za-z0-9+/]{12}:$/,
    )
    expect(headers.get('retry-after') ?? '').toMatch(status === 429 ? /^(59|60)$/ : /^$/)
  }
  expect(seen).toEqual([
    [200, '"2-in-1min"; r=1; t=60'],
    [200, '"2-in-1min"; r=0; t=60'],
    [429, '"2-in-1min"; r=0; t=60'],
  ])
})
