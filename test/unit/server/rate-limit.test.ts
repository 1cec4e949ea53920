import { expect, test } from 'vitest'
import { clientNetwork } from '../../../app/server/http/client-subnet.ts'
import { RequestQuota } from '../../../app/server/http/fixed-window.ts'
import { serveApp } from './app-server.ts'

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:22ff:3:4:5:6', '2001:db8:1:2200::/56'],
  ['2001:db8:1:2201::9', '2001:db8:1:2200::/56'],
  ['2001:db8::1', '2001:db8:0:0::/56'],
  ['::1', '0:0:0:0::/56'],
  ['fe80::1%eth0', 'fe80:0:0:0::/56'],
  ['64:ff9b:1:ff00::192.0.2.7', '64:ff9b:1:ff00::/56'],
  ['', ''],
])('%s counts as %s', (address, network) => {
  expect(clientNetwork(address)).toBe(network)
})

test('a window begins with the first request and is forgotten at its end', () => {
  const quota = new RequestQuota(1000, (client) => `policy of ${client}`)
  expect({ ...quota.take('a', 0) }).toEqual({ used: 1, resetAt: 1000, policy: 'policy of a' })
  expect({ ...quota.take('b', 400) }).toEqual({ used: 1, resetAt: 1400, policy: 'policy of b' })
  expect(quota.take('a', 999).used).toBe(2)
  expect(quota.take('a', 1000)).toMatchObject({ used: 1, resetAt: 2000 })
  expect(quota.size).toBe(2)
  expect(quota.take('c', 1400).used).toBe(1)
  expect(quota.size).toBe(2)
})

test('every answer says what is left, a refusal when to come again', async () => {
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
