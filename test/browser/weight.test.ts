import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { visits } from './visit.ts'

const shared = visits()
const LIMIT = 100 * 1024

test.each([
  ['http://demo.example', 'en-US', LIMIT],
  // Localhost is a secure context: the camera's button is there, the camera itself is not loaded.
  ['http://127.0.0.1', 'en-US', LIMIT],
  ['http://demo.example', 'zh-CN', LIMIT],
])('first load of %s in %s weighs at most 100 KB compressed', async (origin, locale, limit) => {
  const demo = await shared.demo()
  const { port } = new URL(demo.address)
  const bodies: Promise<[string, number]>[] = []
  const page = await shared.open(`${origin}:${port}`, { locale }, async (page) => {
    page.on('response', (response) => {
      bodies.push(
        response.body().then((body) => [response.url(), gzipSync(body, { level: 6 }).length]),
      )
    })
  })
  await page.locator('.uppy-Dashboard-note').waitFor()
  await page.waitForLoadState('networkidle')
  const sizes = await Promise.all(bodies)
  const total = sizes.reduce((sum, [, size]) => sum + size, 0)
  expect(sizes.length).toBeGreaterThanOrEqual(4)
  expect(total).toBeLessThanOrEqual(limit)
  expect(sizes.filter(([url]) => /zh/.test(url)).length > 0).toBe(locale === 'zh-CN')
})
