import { expect, test } from 'vitest'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()
const LIMIT = 50_000

test.each([
  ['http://demo.example', 'en-US'],
  // Localhost is a secure context, with a camera button; the camera is not loaded yet.
  ['http://127.0.0.1', 'en-US'],
  ['http://demo.example', 'zh-CN'],
])('first load of %s in %s is at most 50 KB on the wire', async (origin, locale) => {
  const demo = await shared.demo()
  const { port } = new URL(demo.address)
  const loads: Promise<[string, number]>[] = []
  const page = await shared.open(`${origin}:${port}`, { locale }, async (page) => {
    page.on('requestfinished', (request) => {
      // Compressed, with the headers.
      loads.push(
        request
          .sizes()
          .then(({ responseBodySize, responseHeadersSize }) => [
            request.url(),
            responseBodySize + responseHeadersSize,
          ]),
      )
    })
  })
  await page.locator('#limits:not(:empty)').waitFor()
  await page.waitForLoadState('networkidle')
  const sizes = await Promise.all(loads)
  const total = sizes.reduce((sum, [, size]) => sum + size, 0)
  expect(sizes.length).toBeGreaterThanOrEqual(4)
  expect(total).toBeGreaterThan(LIMIT / 2)
  expect(total).toBeLessThanOrEqual(LIMIT)
  expect(sizes.filter(([url]) => /zh/.test(url)).length > 0).toBe(locale === 'zh-CN')
})
