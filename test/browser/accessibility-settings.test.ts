import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { violations } from './axe.ts'
import { file, select, uploadAll } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()

/** Opens the page with a stored, a ready and a rejected file. */
async function openWithFiles(width: number): Promise<Page> {
  const demo = await shared.demo({ signing: { allowedTypes: ['.txt'] } })
  const page = await shared.open(demo.address, { viewport: { width, height: 400 } })
  await page.getByText('Up to 5 GB each · .txt').waitFor()
  await uploadAll(page, [file('stored.txt', 'stored')])
  await select(page, [file('ready.txt', 'ready'), file('other.png', 'other')])
  await page.locator('#results li').nth(2).waitFor()
  return page
}

test('forced colours keep the states apart, and everything to be seen', async () => {
  const page = await openWithFiles(1200)
  await page.emulateMedia({ forcedColors: 'active' })
  expect(await page.evaluate(() => matchMedia('(forced-colors: active)').matches)).toBe(true)
  const dots = await page
    .locator('#results li')
    .evaluateAll((rows) => rows.map((row) => getComputedStyle(row, '::before').backgroundColor))
  expect(new Set(dots).size).toBe(3)
  const borders = await page
    .locator('button:visible')
    .evaluateAll((buttons) =>
      buttons
        .filter((button) => button.closest('#languages') === null)
        .map((button) => getComputedStyle(button).borderTopStyle),
    )
  expect(new Set(borders)).toEqual(new Set(['solid']))
  expect(await violations(page)).toEqual([])
})

// At 200 %, a window of 1,280 pixels has 640, and one of 640 has 320 (WCAG 2.2, 1.4.4 and 1.4.10).
test.each([640, 320])('nothing is cut off in %i pixels', async (width) => {
  const page = await openWithFiles(width)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  const outside = await page
    .locator('button:visible, #results .text')
    .evaluateAll((elements) =>
      elements
        .map((element) => element.getBoundingClientRect())
        .filter(({ left, right }) => left < 0 || right > innerWidth),
    )
  expect(outside).toEqual([])
})

test('the focus returns to the button when the camera is closed', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address.replace('demo.example', '127.0.0.1'), {
    permissions: ['camera'],
  })
  const focused = () => page.evaluate(() => document.activeElement?.id)
  for (const close of ['Escape', 'Cancel']) {
    await page.locator('#open-camera').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Take a picture' }).waitFor()
    expect(await violations(page)).toEqual([])
    if (close === 'Escape') await page.keyboard.press('Escape')
    else await page.locator('#close-camera').click()
    await expect.poll(focused).toBe('open-camera')
  }
})

test('results are in the accessibility tree as a live log, and the list has its size', async () => {
  const page = await openWithFiles(1200)
  const session = await page.context().newCDPSession(page)
  // Results that come at short intervals are announced a little later.
  await page.getByRole('log').getByText('other.png').waitFor()
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  const named = (role: string) => nodes.filter((node) => node.role?.value === role)
  const [log] = named('log')
  expect(log?.properties?.find(({ name }) => name === 'live')?.value.value).toBe('polite')
  const texts = named('StaticText').map(({ name }) => name?.value)
  expect(texts).toContain('stored.txt: Stored as upload/stored.txt')
  expect(texts).toContain('other.png: Not added: only these types are allowed here: .txt')
  const places = await page
    .getByRole('listitem')
    .evaluateAll((rows) =>
      rows.map((row) => [row.getAttribute('aria-posinset'), row.getAttribute('aria-setsize')]),
    )
  expect(places).toEqual([
    ['1', '3'],
    ['2', '3'],
    ['3', '3'],
  ])
})
