import { expect, test } from 'vitest'
import { file, hash, results, select, slowDown, upload, visits } from './visit.ts'

const shared = visits()

test('a lost connection is tried again with a new signature', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  let lost = 0
  const signatures = new Set<string>()
  page.on('response', async (response) => {
    if (response.url().includes('/signature?')) signatures.add((await response.json()).signature)
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

test('a connection that is cut in the middle of a file is tried again from its start', async () => {
  const demo = await shared.demo({ line: true })
  const page = await shared.open(demo.address)
  const content = Buffer.alloc(6_000_000, 'cut')
  // The browser itself repeats what is lost on a new connection once.
  const cuts = [2_000_000, 4_500_000].map((at) => demo.line?.cutAt(at))
  await select(page, [file('film.mp4', content)])
  await upload(page)
  await Promise.all(cuts)
  await page
    .getByText(
      'The bucket did not respond. Check your connection and try again. Next attempt in 1 sec.',
    )
    .waitFor()
  await expect.poll(() => demo.unfinished()).toBe(0)
  expect(await results(page, 1)).toEqual(['stored: film.mp4: Stored as upload/film.mp4'])
  expect(demo.line?.sent).toBeGreaterThan(10_000_000)
  expect(await demo.stored()).toEqual({ 'upload/film.mp4': hash(content) })
})

test('while offline an upload waits, and goes on with the connection', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  await select(page, [file('wait.txt', 'wait')])
  await page.context().setOffline(true)
  await upload(page)
  await page.getByText('Offline: continues when you are back online').waitFor()
  await page.getByText('You are offline.').waitFor()
  // Longer than the first pause: no attempt is burnt meanwhile.
  await page.waitForTimeout(1500)
  expect(await page.locator('#results li').getAttribute('data-state')).toBe('offline')
  await page.context().setOffline(false)
  expect(await results(page, 1)).toEqual(['stored: wait.txt: Stored as upload/wait.txt'])
  await page.getByText('You are offline.').waitFor({ state: 'hidden' })
  expect(await demo.stored()).toEqual({ 'upload/wait.txt': hash('wait') })
})

test('a queue that takes longer than a policy lives is signed file by file', async () => {
  const expiries: number[] = []
  const demo = await shared.demo({ signing: { expiresInSeconds: 2 } })
  const page = await shared.open(demo.address)
  page.on('response', async (response) => {
    if (response.url().includes('/signature?')) expiries.push((await response.json()).expire)
  })
  await slowDown(page, 1_000_000)
  const files = Array.from({ length: 8 }, (_, index) =>
    file(`part-${index}.bin`, Buffer.alloc(500_000, index)),
  )
  await select(page, files)
  await upload(page)
  expect((await results(page, 8)).sort()).toEqual(
    files.map(({ name }) => `stored: ${name}: Stored as upload/${name}`),
  )
  // The last form was signed after the first had expired, and none was signed twice.
  expect(expiries).toHaveLength(8)
  expect(Math.max(...expiries) - 2).toBeGreaterThanOrEqual(Math.min(...expiries))
  expect(Object.keys(await demo.stored())).toHaveLength(8)
})

test('a server that limits its signatures is waited for', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  let asked = 0
  await page.route('**/signature?*', async (route) => {
    asked += 1
    if (asked > 1) return route.continue()
    return route.fulfill({
      status: 429,
      headers: { 'retry-after': '2' },
      json: { code: 'TooManyRequests', message: 'Too many', requestId: 'r' },
    })
  })
  await select(page, [file('patient.txt', 'patient')])
  await upload(page)
  await page
    .getByText(
      'Too many files in a short time. Try again in a minute. (request r) Next attempt in 2 sec.',
    )
    .waitFor()
  expect(await results(page, 1)).toEqual(['stored: patient.txt: Stored as upload/patient.txt'])
})

test.each([
  { silences: 4, asked: 5, line: /^stored: moved\.txt: Stored as upload\/moved\.txt$/ },
  { silences: 100, asked: 6, line: /^failed: moved\.txt: The signing server/ },
])('a signing server that is silent $silences times is asked $asked times', async (expected) => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  let asked = 0
  await page.route('**/signature?*', (route) => {
    asked += 1
    return asked > expected.silences ? route.continue() : route.abort('connectionrefused')
  })
  await page.clock.install()
  const hurry = setInterval(() => page.clock.fastForward(1000).catch(() => {}), 100)
  await select(page, [file('moved.txt', 'moved')])
  await upload(page)
  expect((await results(page, 1))[0]).toMatch(expected.line)
  clearInterval(hurry)
  expect(asked).toBe(expected.asked)
})

test('a file that changed after it was selected is not sent over and over', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  let asked = 0
  page.on('request', (request) => {
    if (request.url().includes('/signature?')) asked += 1
  })
  const path = await shared.write('moving.txt', 'before')
  await select(page, [path])
  await shared.write('moving.txt', 'after, and longer')
  await upload(page)
  expect((await results(page, 1))[0]).toMatch(
    /^failed: moving.txt: .* has changed since it was selected.* Select it again\./,
  )
  expect(asked).toBe(1)
})

test('a signing server that is away is said to be, until it answers', async () => {
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
