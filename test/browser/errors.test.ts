import { expect, test } from 'vitest'
import { storedPath } from './demo.ts'
import { file, hash, results, select, upload, uploadAll } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()
const TRACE = String.raw`\(EC 0006-00000213, request [0-9A-F]{24}\)`

test('files of a forbidden type or size are not added', async () => {
  const demo = await shared.demo({
    signing: { allowedTypes: ['.jpg', '.png', 'image/*'], maxSize: 1000 },
  })
  const page = await shared.open(demo.address)
  await page.getByText('Up to 1,000 bytes each · .jpg, .png, image/*').waitFor()
  const picker = page.locator('#select-files + input')
  expect(await picker.getAttribute('accept')).toBe('.jpg, .png')
  await select(page, [
    file('notes.txt', 'text', 'text/plain'),
    file('disguised.jpg', 'MZ', 'application/x-msdownload'),
    file('nameless', 'GIF', 'image/gif'),
    file('huge.png', Buffer.alloc(1001), 'image/png'),
    file('fine.JPG', Buffer.alloc(1000), 'image/jpeg'),
  ])
  await page.getByRole('button', { name: 'Upload 1 file' }).click()
  const types = 'Not added: only these types are allowed here: .jpg, .png, image/*'
  expect(await results(page, 5)).toEqual([
    `notAdded: notes.txt: ${types}`,
    `notAdded: disguised.jpg: ${types}`,
    `notAdded: nameless: ${types}`,
    'notAdded: huge.png: Not added: larger than the 1,000 bytes allowed here.',
    'stored: fine.JPG: Stored as upload/fine.JPG',
  ])
  expect(Object.keys(await demo.stored())).toEqual([storedPath('upload/fine.JPG')])
})

test('the server rejects files that the page has let through', async () => {
  const demo = await shared.demo({ signing: { allowedTypes: ['.jpg'], maxSize: 10 } })
  // Without a configuration the page adds all files.
  const page = await shared.open(demo.address, {}, async (page) => {
    await page.route('**/config.json', (route) => route.fulfill({ status: 404 }))
  })
  await select(page, [file('a.txt', 'text'), file('b.jpg', 'more than ten bytes')])
  await upload(page)
  const lines = await results(page, 2)
  expect(lines.map((line) => line.replace(/request [\w-]{36}/, 'request ID')).sort()).toEqual([
    'failed: a.txt: Files of this type are not allowed here. (request ID)',
    'failed: b.jpg: The file is larger than allowed here. (request ID)',
  ])
  expect(await demo.stored()).toEqual({})
})

test('an expired policy is retried with a new signature', async () => {
  let requests = 0
  const demo = await shared.demo({
    signing: {
      // The first signature is made by a clock that is eleven minutes behind.
      now: () => new Date(Date.now() - (requests++ === 0 ? 11 * 60_000 : 0)),
    },
  })
  const page = await shared.open(demo.address)
  await select(page, [file('late.txt', 'late')])
  await upload(page)
  expect(await results(page, 1)).toEqual(['stored: late.txt: Stored as upload/late.txt'])
  expect(requests).toBe(2)
})

test('a connection that is too slow for the policy is reported after one retry', async () => {
  const demo = await shared.demo({ proxy: true, signing: { expiresInSeconds: 1 } })
  const page = await shared.open(demo.address)
  demo.proxy?.limitRate(1500)
  await select(page, [file('late.txt', 'late')])
  await upload(page)
  expect((await results(page, 1))[0]).toMatch(
    new RegExp(
      `^failed: late.txt: The signature expired before the upload was complete. .* longer lifetime. ${TRACE}$`,
    ),
  )
  expect(await demo.stored()).toEqual({})
})

test('a server clock that is slow is reported', async () => {
  let requests = 0
  const demo = await shared.demo({
    signing: {
      now: () => {
        requests += 1
        return new Date(Date.now() - 11 * 60_000)
      },
    },
  })
  const page = await shared.open(demo.address)
  await select(page, [file('late.txt', 'late')])
  await upload(page)
  expect((await results(page, 1))[0]).toMatch(
    new RegExp(
      `^failed: late.txt: The signing server’s clock is wrong. Ask its operator to set it. ${TRACE}$`,
    ),
  )
  expect(requests).toBe(2)
  expect(await demo.stored()).toEqual({})
})

test('a server clock that is fast is reported', async () => {
  const demo = await shared.demo({
    signing: { now: () => new Date(Date.now() + 20 * 60_000) },
  })
  const page = await shared.open(demo.address)
  await select(page, [file('early.txt', 'early')])
  await upload(page)
  expect((await results(page, 1))[0]).toMatch(
    /^failed: early.txt: The signing server’s clock is wrong. Ask its operator to set it. \(EC 0002-00000709, request [0-9A-F]{24}\)$/,
  )
})

test('a bucket without CORS rules is distinguished from one that is down', async () => {
  const demo = await shared.demo({ cors: false })
  const page = await shared.open(demo.address, { ignoreConsole: /CORS policy/ })
  await select(page, [file('a.txt', 'a')])
  await upload(page)
  expect(await results(page, 1)).toEqual([
    'failed: a.txt: The bucket does not let this page upload files. Ask its operator to allow POST from this address in its CORS rules.',
  ])
  await page.unrouteAll()
  await page.route(`${demo.uploadHost}/`, (route) => route.abort('connectionrefused'))
  await page.getByRole('button', { name: 'Retry: a.txt' }).click()
  await page.getByText('The bucket did not respond. Check your connection').first().waitFor()
})

test('a signature that the bucket rejects is not retried', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  const signatures: string[] = []
  await page.route('**/signatures', async (route) => {
    signatures.push(route.request().url())
    const url = route.request().url().replace(demo.address, demo.local)
    const response = await route.fetch({ url })
    const body = await response.json()
    body.files[0].fields['x-oss-signature'] = '0'.repeat(64)
    await route.fulfill({ response, json: body })
  })
  await select(page, [file('refused.txt', 'no')])
  await upload(page)
  expect((await results(page, 1))[0]).toMatch(
    /^failed: refused\.txt: The bucket does not accept the server’s access key. Contact its operator\. \(EC 0002-00000705, request [0-9A-F]{24}\)$/,
  )
  expect(signatures).toHaveLength(1)
  expect(await demo.stored()).toEqual({})
})

test('two files with the same name can both be kept', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  await uploadAll(page, [file('a.txt', 'first')])
  const [, taken] = await uploadAll(page, [file('a.txt', 'second one')], 2)
  expect(taken).toMatch(
    /^failed: a.txt: A file with this name already exists. Keep both, or rename yours\. \(EC 0000-00000000, request [0-9A-F]{24}\)$/,
  )
  await page.getByRole('button', { name: 'Keep both: a.txt' }).click()
  await page.locator('#results li[data-state=stored]').nth(1).waitFor()
  const stored = await demo.stored()
  expect(stored[storedPath('upload/a.txt')]).toBe(hash('first'))
  expect(Object.values(stored).sort()).toEqual([hash('first'), hash('second one')].sort())
  expect((await results(page, 2))[1]).toMatch(/^stored: a.txt: Stored as upload\/a \(\w{8}\)\.txt$/)
  // The button has gone, and its row has the focus.
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('LI')
})
