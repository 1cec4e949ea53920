import { rm, utimes, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { ENGINE } from './engines/launch.ts'
import { file, hash, results, select, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()

test('a lost connection is retried with a new signature', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  let lost = 0
  const signatures = new Set<string>()
  page.on('response', async (response) => {
    if (!response.url().endsWith('/signatures')) return
    for (const { fields } of (await response.json()).files)
      signatures.add(fields['x-oss-signature'])
  })
  await page.route(`${demo.uploadHost}/`, async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    lost += 1
    return lost === 1 ? route.abort('connectionreset') : route.continue()
  })
  await select(page, [file('again.txt', 'again')])
  await upload(page)
  await page
    .getByText(
      'The bucket did not respond. Check your connection and try again. Next attempt in 1 sec.',
    )
    .waitFor()
  expect(await results(page, 1)).toEqual(['stored: again.txt: Stored as upload/again.txt'])
  expect(lost).toBe(2)
  expect(signatures.size).toBe(2)
  expect(await demo.stored()).toEqual({ 'upload/again.txt': hash('again') })
})

test('a form whose connection is cut is sent again from the start', async () => {
  const demo = await shared.demo({ proxy: true })
  const page = await shared.open(demo.address)
  const content = Buffer.alloc(6_000_000, 'cut')
  // Chromium and Firefox themselves repeat a lost request once.
  const cuts = [2_000_000, 4_500_000].map((at) => demo.proxy?.cutAt(at))
  await select(page, [file('film.mp4', content)])
  await upload(page)
  await Promise.all(cuts)
  await page
    .getByText(
      `The bucket did not respond. Check your connection and try again. Next attempt in ${ENGINE === 'webkit' ? 2 : 1} sec.`,
    )
    .waitFor()
  expect(await results(page, 1)).toEqual(['stored: film.mp4: Stored as upload/film.mp4'])
  await expect.poll(() => demo.unfinished()).toBe(0)
  expect(demo.proxy?.sent).toBeGreaterThan(10_000_000)
  expect(await demo.stored()).toEqual({ 'upload/film.mp4': hash(content) })
})

test('an upload waits while the browser is offline', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  await select(page, [file('wait.txt', 'wait')])
  await page.context().setOffline(true)
  await upload(page)
  await page.getByText('Offline: continues when you are back online').waitFor()
  await page.getByText('You are offline.').waitFor()
  // Longer than the first delay: no attempt is used up.
  await page.waitForTimeout(1500)
  expect(await page.locator('#results li').getAttribute('data-state')).toBe('offline')
  await page.context().setOffline(false)
  expect(await results(page, 1)).toEqual(['stored: wait.txt: Stored as upload/wait.txt'])
  await page.getByText('You are offline.').waitFor({ state: 'hidden' })
  expect(await demo.stored()).toEqual({ 'upload/wait.txt': hash('wait') })
})

test('files that wait too long are signed again, so that a long queue outlives a policy', async () => {
  const expiries: number[] = []
  const demo = await shared.demo({ proxy: true, signing: { expiresInSeconds: 2 } })
  const page = await shared.open(demo.address)
  page.on('response', async (response) => {
    if (!response.url().endsWith('/signatures')) return
    for (const { expire } of (await response.json()).files) expiries.push(expire)
  })
  demo.proxy?.limitRate(1_000_000)
  const files = Array.from({ length: 8 }, (_, index) =>
    file(`part-${index}.bin`, Buffer.alloc(500_000, index)),
  )
  await select(page, files)
  await upload(page)
  expect((await results(page, 8)).sort()).toEqual(
    files.map(({ name }) => `stored: ${name}: Stored as upload/${name}`),
  )
  // The last form was signed after the first had expired. Those that waited were signed twice.
  expect(expiries).toHaveLength(10)
  expect(Math.max(...expiries) - 2).toBeGreaterThanOrEqual(Math.min(...expiries))
  expect(Object.keys(await demo.stored())).toHaveLength(8)
})

test('the page waits as long as Retry-After says', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  let requests = 0
  await page.route('**/signatures', async (route) => {
    requests += 1
    if (requests > 1) return route.continue()
    return route.fulfill({
      status: 429,
      headers: { 'retry-after': '2' },
      json: { code: 'TooManyRequests', message: 'Too many', requestId: 'r' },
    })
  })
  await select(page, [file('patient.txt', 'patient')])
  await upload(page)
  await page
    .getByText('Too many files in a short time. (request r) Next attempt in 2 sec.')
    .waitFor()
  expect(await results(page, 1)).toEqual(['stored: patient.txt: Stored as upload/patient.txt'])
})

test.each([
  { silences: 4, requests: 5, result: /^stored: moved\.txt: Stored as upload\/moved\.txt$/ },
  { silences: 100, requests: 6, result: /^failed: moved\.txt: The signing server/ },
])('a signing server that is silent $silences times gets $requests requests', async (expected) => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  let requests = 0
  await page.route('**/signatures', (route) => {
    requests += 1
    return requests > expected.silences ? route.continue() : route.abort('connectionrefused')
  })
  await page.clock.install()
  const hurry = setInterval(() => page.clock.fastForward(1000).catch(() => {}), 100)
  await select(page, [file('moved.txt', 'moved')])
  await upload(page)
  expect((await results(page, 1))[0]).toMatch(expected.result)
  clearInterval(hurry)
  expect(requests).toBe(expected.requests)
})

// Chromium fails to read a file that has changed as if it had no permission.
const CHANGED =
  ENGINE === 'chromium'
    ? 'The file cannot be read: it has changed since it was selected, or you have no permission to read it. Select it again.'
    : 'The file has changed since it was selected. Select it again.'

// WebKit does not find a file that has changed.
const MISSING =
  ENGINE === 'webkit'
    ? CHANGED
    : 'The file was moved or deleted after it was selected. Select it again.'

test.each([
  {
    change: 'has changed',
    apply: (path: string) => writeFile(path, 'after, and longer'),
    text: CHANGED,
  },
  { change: 'is shorter', apply: (path: string) => writeFile(path, 'b'), text: CHANGED },
  {
    change: 'was deleted',
    apply: (path: string) => rm(path),
    text: MISSING,
  },
])('a file that $change since it was selected is not sent', async ({ apply, text }) => {
  const demo = await shared.demo({ proxy: true })
  const page = await shared.open(demo.address)
  const path = await shared.write('moving.txt', 'before')
  // WebKit compares modification times in whole seconds.
  const then = new Date('2026-01-01T00:00:00Z')
  await utimes(path, then, then)
  await select(page, [path])
  await apply(path)
  await upload(page)
  expect(await results(page, 1)).toEqual([`failed: moving.txt: ${text}`])
  // At most the preflight: a form has more than 2,000 bytes before the file.
  expect(demo.proxy?.sent).toBeLessThan(1000)
  expect(await demo.stored()).toEqual({})
})

test('a file that failed is replaced when it is selected again', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  const path = await shared.write('again.txt', 'before')
  await select(page, [path])
  await writeFile(path, 'after')
  await upload(page)
  await results(page, 1)
  await select(page, [path])
  await page.getByRole('button', { name: 'Upload 1 file' }).click()
  await page.locator('#results li[data-state=stored]').waitFor()
  expect(await results(page, 1)).toEqual(['stored: again.txt: Stored as upload/again.txt'])
  expect(await demo.stored()).toEqual({ 'upload/again.txt': hash('after') })
})

test('a file that changes between two attempts is not sent again', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  const path = await shared.write('edited.txt', 'before')
  await page.route(`${demo.uploadHost}/`, async (route) => {
    await writeFile(path, 'after')
    await route.abort('connectionreset')
  })
  await select(page, [path])
  await upload(page)
  expect(await results(page, 1)).toEqual([
    'failed: edited.txt: The file has changed since it was selected. Select it again.',
  ])
  expect(await demo.stored()).toEqual({})
})

test('the page shows that the signing server does not respond, until it does', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address, {}, async (page) => {
    await page.route('**/config.json', (route) => route.abort('connectionrefused'))
  })
  await page.getByText('The signing server does not respond.').waitFor()
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('The signing server does not respond.').waitFor({ state: 'hidden' })
  await page.getByText('Up to 5 GB each').waitFor()
  const host = new URL(demo.uploadHost).host
  await page.getByText(`Files go to ${host}`, { exact: true }).waitFor()
})
