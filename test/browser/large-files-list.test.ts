import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { violations } from './axe.ts'
import { type LargeDemo, startLargeDemo } from './large-demo.ts'
import { writeLargeFile } from './large-file.ts'
import { select, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const MIB = 1024 * 1024
const shared = pageFixture()
let demo: LargeDemo | undefined

afterEach(async () => {
  await demo?.close()
  demo = undefined
})

test.each([
  ['light', 'en-US', 1200, 'Pause: film.bin', 'Resume: film.bin', 'Discard: film.bin'],
  ['dark', 'zh-CN', 360, '暂停: film.bin', '继续: film.bin', '放弃: film.bin'],
] as const)(
  'pause, resume and discard work by keyboard and axe finds nothing: %s, %s, %i wide',
  async (colorScheme, locale, width, pause, resume, discard) => {
    demo = await startLargeDemo(shared.clientDir)
    const path = join(shared.folder, 'film.bin')
    await writeLargeFile(path, 12 * MIB)
    const page = await shared.open(demo.address, {
      colorScheme,
      locale,
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
    })
    const held = demo.proxy.holdAt(4 * MIB)
    await select(page, [path])
    await upload(page)
    await held
    await page.getByRole('button', { name: pause }).focus()
    await page.keyboard.press('Enter')
    const button = page.getByRole('button', { name: resume })
    await button.waitFor()
    // The same button pauses and resumes, so it keeps the focus.
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await violations(page)).toEqual([])
    demo.proxy.release()
    await page.reload()
    await page.getByRole('button', { name: discard }).waitFor()
    expect(await violations(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    await page.getByRole('button', { name: discard }).focus()
    await page.keyboard.press('Enter')
    await page.locator('#unfinished').waitFor({ state: 'hidden' })
    expect(await page.evaluate(() => document.activeElement?.closest('#picker') !== null)).toBe(
      true,
    )
    await expect.poll(demo.unfinished).toBe(0)
  },
)

test('the limit is that of files in parts', async () => {
  demo = await startLargeDemo(shared.clientDir, {
    signing: { maxSize: 4 * MIB, multipart: { maxSize: 6 * MIB, partSize: MIB } },
  })
  const page = await shared.open(demo.address)
  await page.getByText('Up to 6 MB each').waitFor()
  const path = join(shared.folder, 'too-large.bin')
  await writeLargeFile(path, 6 * MIB + 1)
  await select(page, [path])
  await page.getByText('Not added: larger than the 6 MB allowed here.').first().waitFor()
  // A file that is too large for a form goes in parts, whatever the threshold is.
  const between = join(shared.folder, 'between.bin')
  await writeLargeFile(between, 5 * MIB)
  await select(page, [between])
  await upload(page)
  await page.getByText('Stored as upload/between.bin').first().waitFor()
  expect(demo.received.map(({ partNumber }) => partNumber).sort()).toEqual([1, 2, 3, 4, 5])
})
