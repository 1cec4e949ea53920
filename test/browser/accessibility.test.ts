import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { violations } from './axe.ts'
import { file, results, select, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()

test.each([
  ['light', 'en-US', 1200],
  ['dark', 'en-US', 360],
  ['light', 'zh-CN', 360],
  ['dark', 'zh-CN', 1200],
] as const)('axe finds nothing: %s, %s, %i wide', async (colorScheme, locale, width) => {
  const demo = await shared.demo({ signing: { accessCode: 'open sesame', maxSize: 400_000 } })
  const page = await shared.open(demo.address, {
    colorScheme,
    locale,
    viewport: { width, height: 800 },
    reducedMotion: 'reduce',
  })
  expect(await violations(page)).toEqual([])
  await page.locator('#code').fill('open sesame')
  await page.keyboard.press('Enter')
  const files = [
    file('a.txt', 'a'),
    file('b.png', Buffer.alloc(300_000)),
    file('too-large.png', Buffer.alloc(500_000)),
  ]
  await select(page, files)
  await page.locator('#results li').nth(2).waitFor()
  expect(await violations(page)).toEqual([])
  await upload(page)
  await results(page, 3)
  await page.getByText('2 files stored').or(page.getByText('已存储 2 个文件')).waitFor()
  expect(await violations(page)).toEqual([])
  await select(page, files.slice(0, 1))
  await upload(page)
  await page.locator('#results li[data-state=failed]').waitFor()
  expect(await violations(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
})

test('dark mode follows the system', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address, { colorScheme: 'dark' })
  const background = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  expect(await background()).toBe('rgb(20, 23, 28)')
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await background()).toBe('rgb(244, 246, 249)')
})

test('the page works with the keyboard alone and announces results', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  const chooser = page.waitForEvent('filechooser')
  await tabTo(page, 'Select File')
  await page.keyboard.press('Enter')
  await (await chooser).setFiles([file('a.txt', 'a'), file('b.txt', 'b')])
  await page.getByRole('button', { name: 'Remove: b.txt' }).waitFor()
  await tabTo(page, 'Remove: b.txt')
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: 'Upload 1 file' }).waitFor()
  await tabTo(page, 'Upload 1 file')
  await page.keyboard.press('Enter')
  await results(page, 1)
  const announced = page.getByRole('log')
  expect(await announced.getAttribute('aria-live')).toBe('polite')
  expect(await announced.locator('p').allTextContents()).toEqual(['a.txt: Stored as upload/a.txt'])
  await tabTo(page, 'Clear finished')
  await page.keyboard.press('Enter')
  await page.locator('#transfers').waitFor({ state: 'hidden' })
  const focused = () => page.evaluate(() => document.activeElement?.id)
  await expect.poll(focused).toBe('select-files')
})

async function tabTo(page: Page, name: string): Promise<void> {
  const target = page.getByRole('button', { name, exact: true })
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab')
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`Tab never reached "${name}"`)
}
