import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { storedPath } from './demo.ts'
import { file, results, select, slowDown, upload, uploadAll } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()

const totals = (page: Page) => page.locator('#totals-text')

/** Opens a page for a bucket that has files of some names. */
async function openWithTaken(...names: string[]) {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  await select(
    page,
    names.map((name) => file(name, 'first')),
  )
  await upload(page)
  await results(page, names.length)
  await page.getByRole('button', { name: 'Clear finished' }).click()
  await page.locator('#transfers').waitFor({ state: 'hidden' })
  return { demo, page }
}

test('a file that is added after another has failed is uploaded', async () => {
  const { demo, page } = await openWithTaken('taken.txt')
  await select(page, [file('taken.txt', 'second'), file('b.txt', 'b')])
  await upload(page)
  await results(page, 2)
  await select(page, [file('c.txt', 'c')])
  await page.getByRole('button', { name: 'Upload 1 file', exact: true }).click()
  await expect.poll(() => totals(page).textContent()).toBe('2 files stored · 1 failed')
  await page.getByRole('button', { name: 'Remove: taken.txt' }).click()
  await expect.poll(() => totals(page).textContent()).toBe('2 files stored')
  expect(Object.keys(await demo.stored()).sort()).toEqual(
    ['upload/b.txt', 'upload/c.txt', 'upload/taken.txt'].map(storedPath).sort(),
  )
})

test('one of three taken names is kept, and nothing goes on for the others', async () => {
  const names = ['a.txt', 'b.txt', 'c.txt']
  const { page } = await openWithTaken(...names)
  await select(
    page,
    names.map((name) => file(name, 'second')),
  )
  await upload(page)
  await results(page, 3)
  await page.getByRole('button', { name: 'Keep both: b.txt' }).click()
  await expect.poll(() => totals(page).textContent()).toBe('1 file stored · 2 failed')
  expect(await page.locator('progress:visible').count()).toBe(0)
  expect((await results(page, 3)).map((line) => line.split(':', 2).join(':'))).toEqual([
    'failed: a.txt',
    'stored: b.txt',
    'failed: c.txt',
  ])
})

test.each(['selected again', 'retried'])(
  'a file that is back is uploaded when it is %s',
  async (how) => {
    const demo = await shared.demo()
    const page = await shared.open(demo.address)
    const path = await shared.write('moved.txt', 'moved')
    const away = join(shared.folder, 'away.txt')
    await select(page, [path])
    await rename(path, away)
    await upload(page)
    expect(await results(page, 1)).toEqual([
      'failed: moved.txt: The file was moved or deleted after it was selected. Select it again.',
    ])
    await rename(away, path)
    if (how === 'retried') {
      await page.getByRole('button', { name: 'Retry: moved.txt' }).click()
    } else {
      await select(page, [path])
      await upload(page)
    }
    await page.locator('#results li[data-state=stored]').waitFor()
    expect(await results(page, 1)).toEqual(['stored: moved.txt: Stored as upload/moved.txt'])
  },
)

test('all failed files are retried, and finished ones are cleared', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  await page.route(`${demo.uploadHost}/`, (route) =>
    route.fulfill({ status: 403, headers: { 'access-control-allow-origin': '*' }, body: '' }),
  )
  await select(page, [file('a.txt', 'a'), file('b.txt', 'b'), file('c.txt', 'c')])
  await upload(page)
  await expect.poll(() => totals(page).textContent()).toBe('3 failed')
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Retry 3 files' }).click()
  await expect.poll(() => totals(page).textContent()).toBe('3 files stored')
  await select(page, [file('d.txt', 'd')])
  await page.getByRole('button', { name: 'Clear finished' }).click()
  await expect.poll(() => page.locator('#results li').count()).toBe(1)
  await page.getByRole('button', { name: 'Remove: d.txt' }).click()
  await page.locator('#transfers').waitFor({ state: 'hidden' })
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('select-files')
})

test('the same file is in the list once while it waits', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  const path = await shared.write('once.txt', 'once')
  await select(page, [path])
  await select(page, [path])
  await page.getByRole('button', { name: 'Upload 1 file', exact: true }).waitFor()
})

test('all uploads are paused and resumed', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  await slowDown(page, 500_000)
  const files = Array.from({ length: 9 }, (_, index) => file(`${index}.bin`, Buffer.alloc(200_000)))
  await select(page, files)
  await upload(page)
  await page.getByRole('button', { name: 'Pause all' }).click()
  await page.getByRole('button', { name: 'Resume all' }).waitFor()
  // What is being sent as a form goes on to its end.
  await expect
    .poll(() => page.locator('#results [data-state=stored]').count(), { timeout: 20_000 })
    .toBe(6)
  expect(await page.locator('#results [data-state=waiting]').count()).toBe(3)
  await slowDown(page, 50_000_000)
  await page.getByRole('button', { name: 'Resume all' }).click()
  expect(await results(page, 9)).toHaveLength(9)
  expect(await totals(page).textContent()).toBe('9 files stored')
})

test('the time until the next attempt counts down', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  await page.route('**/signatures', (route) =>
    route.fulfill({
      status: 429,
      headers: { 'retry-after': '30' },
      json: { code: 'TooManyRequests', message: 'Too many', requestId: 'r' },
    }),
  )
  await select(page, [file('a.txt', 'a')])
  await upload(page)
  const row = page.locator('#results li')
  await row.getByText('Next attempt in 30 sec.').waitFor()
  await row.getByText('Next attempt in 28 sec.').waitFor()
})

test('files that were not uploaded are listed after a reload', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  await uploadAll(page, [file('done.txt', 'done')])
  await select(page, [file('a.txt', 'a'), file('b.txt', 'b')])
  await page.reload()
  const lost = page.locator('#not-uploaded')
  await lost
    .getByText('2 files were not uploaded before this page was left. Select them again:')
    .waitFor()
  expect(await lost.locator('#not-uploaded-names').textContent()).toBe('a.txt, b.txt')
  await select(page, [file('a.txt', 'a')])
  await lost.getByText('1 file was not uploaded').waitFor()
  await lost.getByRole('button', { name: 'Dismiss' }).click()
  await lost.waitFor({ state: 'hidden' })
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
})

test('10,000 files have few elements, and results are summed up for screen readers', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  const seconds = await page.evaluate(async () => {
    const input = document.querySelector<HTMLInputElement>('#select-files + input')
    const data = new DataTransfer()
    for (let index = 0; index < 10_000; index += 1) {
      data.items.add(new File([String(index)], `${index}.txt`))
    }
    if (input === null) throw new Error('No input')
    input.files = data.files
    const startedMs = performance.now()
    input.dispatchEvent(new Event('change'))
    await new Promise((done) => setTimeout(done))
    return (performance.now() - startedMs) / 1000
  })
  console.log(`10,000 files are added in ${seconds.toFixed(2)} s`)
  const rows = page.locator('#results li')
  await page.getByRole('button', { name: 'Upload 10,000 files' }).waitFor()
  expect(await rows.count()).toBeLessThan(50)
  expect(await rows.first().getAttribute('aria-setsize')).toBe('10000')
  await page.locator('#results-scroller').evaluate((scroller) => {
    scroller.scrollTop = scroller.scrollHeight
  })
  await page.locator('#results li[aria-posinset="10000"]').waitFor()
  expect(await rows.count()).toBeLessThan(50)
  await page.locator('#start').click()
  await page.getByText(/^\d{2,} of 10,000 · /).waitFor()
  await page
    .getByRole('log')
    .getByText(/ of 10,000 · /)
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'Cancel all' }).click()
  await page.locator('#results li[data-state=cancelled]').first().waitFor()
  expect(await page.getByRole('log').locator('p').count()).toBeLessThanOrEqual(20)
  await page.getByRole('button', { name: 'Clear finished' }).click()
  await page.locator('#transfers').waitFor({ state: 'hidden' })
})
