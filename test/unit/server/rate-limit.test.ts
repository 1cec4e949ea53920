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

test('a window starts with the first request and is dropped at its end', () => {
  const window = new FixedWindow(1000)
  const first = window.usageOf('a', 0)
  expect({ ...first }).toEqual({ used: 0, resetAt: 1000 })
  first.used += 1
  expect({ ...window.usageOf('b', 400) }).toEqual({ used: 0, resetAt: 1400 })
  expect(window.usageOf('a', 999)).toBe(first)
  expect(window.usageOf('a', 1000)).toEqual({ used: 0, resetAt: 2000 })
  expect(window.size).toBe(2)
  expect(window.usageOf('c', 1400).used).toBe(0)
  expect(window.size).toBe(2)
})

test('a bounded map drops the oldest entry for a new one', () => {
  const map = new BoundedMap<string, number>(2).set('a', 1).set('b', 2).set('a', 3).set('c', 4)
  expect([...map]).toEqual([
    ['a', 3],
    ['c', 4],
  ])
  map.deleteOldestWhile((value) => value < 4)
  expect([...map]).toEqual([['c', 4]])
})

test('every response says what is left, a refusal when to retry', async () => {
  const origin = await serveApp({}, { signaturesPerMinute: 2 })
  const seen: unknown[] = []
  for (let i = 0; i < 3; i += 1) {
    const { status, headers } = await fetch(`${origin}/signature`)
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
