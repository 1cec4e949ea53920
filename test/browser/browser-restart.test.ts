import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { launchProfile } from './chromium.ts'
import { HOSTS } from './demo.ts'
import { type LargeDemo, startLargeDemo } from './large-demo.ts'
import { writeLargeFile } from './large-file.ts'
import { results, select, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'
import { watchParts } from './watch-parts.ts'

const MIB = 1024 * 1024
const shared = pageFixture()
let demo: LargeDemo | undefined
let browser: BrowserContext | undefined

afterEach(async () => {
  await browser?.close()
  await demo?.close()
  browser = undefined
  demo = undefined
})

test('an upload resumes after the browser has been restarted', async () => {
  demo = await startLargeDemo(shared.clientDir, { actions: ['oss:PutObject'] })
  const { address, proxy, hashOfObject } = demo
  const path = join(shared.folder, 'film.bin')
  const profile = join(shared.folder, 'profile')
  const hash = await writeLargeFile(path, 16 * MIB)

  browser = await launchProfile(profile, HOSTS)
  const page = await browser.newPage()
  const before = watchParts(page)
  await page.goto(address)
  const held = proxy.holdAt(10 * MIB)
  await select(page, [path])
  await upload(page)
  await held
  await expect.poll(() => page.evaluate(() => localStorage.length)).toBeGreaterThan(2)
  await browser.close()
  proxy.release()
  expect(await hashOfObject('upload/film.bin')).toBeUndefined()

  browser = await launchProfile(profile, HOSTS)
  const next = await browser.newPage()
  const after = watchParts(next)
  await next.goto(address)
  await next.locator('#unfinished li', { hasText: 'film.bin' }).waitFor()
  await select(next, [path])
  await upload(next)
  expect(await results(next, 1)).toEqual(['stored: film.bin: Stored as upload/film.bin'])
  expect(await hashOfObject('upload/film.bin')).toBe(hash)
  expect(before.finished.size).toBeGreaterThan(0)
  expect([...before.finished].filter((number) => after.finished.has(number))).toEqual([])
})
