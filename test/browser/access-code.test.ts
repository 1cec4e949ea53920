import { expect, test } from 'vitest'
import { file, results, select, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()
const CODE = 'a+b=c d/%20'
const protectedDemo = () => shared.demo({ signing: { accessCode: CODE } })

test('the code in the link is used and never sent in a URL', async () => {
  const demo = await protectedDemo()
  const addresses: string[] = []
  const page = await shared.open(
    `${demo.address}/?lang=en#code=${encodeURIComponent(CODE)}`,
    {},
    async (page) => {
      page.on('request', (request) => addresses.push(request.url()))
    },
  )
  await page.getByText('Up to 5 GB each').waitFor()
  // The address bar no longer shows it, and going back does not bring it back.
  expect([page.url(), await page.evaluate(() => history.length)]).toEqual([
    `${demo.address}/?lang=en`,
    2,
  ])
  expect(await page.getByLabel('Access code').isVisible()).toBe(false)
  await select(page, [file('a.txt', 'a')])
  await upload(page)
  expect(await results(page, 1)).toEqual(['stored: a.txt: Stored as upload/a.txt'])
  expect(addresses.filter((url) => /code|a\+b|a%2Bb/.test(new URL(url).search))).toEqual([])
})

test('without a code the page asks for it before it uploads', async () => {
  const demo = await protectedDemo()
  const page = await shared.open(demo.address)
  const code = page.locator('#code')
  await code.waitFor()
  await select(page, [file('a.txt', 'a')])
  await upload(page)
  expect(await code.evaluate((input) => input === document.activeElement)).toBe(true)
  await code.fill('wrong code')
  await page.getByRole('button', { name: 'Use this code' }).click()
  await code.waitFor({ state: 'hidden' })
  await upload(page)
  expect((await results(page, 1))[0]).toMatch(
    /^failed: a.txt: The server requires an access code. Enter it above\. \(request [\w-]{36}\)$/,
  )
  await page.getByText('The server did not accept this code.').waitFor()
  await code.fill(CODE)
  await page.keyboard.press('Enter')
  // Files that failed for lack of a code are uploaded again.
  await page.locator('#results li[data-state=stored]').waitFor()
  expect(Object.keys(await demo.stored())).toEqual(['upload/a.txt'])
  expect(await page.evaluate(() => JSON.stringify(localStorage) + document.cookie)).toBe('{}')
})

test('the page rejects a code that cannot be sent in a header', async () => {
  const demo = await protectedDemo()
  const page = await shared.open(`${demo.address}/#code=${encodeURIComponent('密码密码密码')}`)
  const code = page.locator('#code')
  await code.waitFor()
  await code.fill('密码密码密码')
  await page.keyboard.press('Enter')
  await page.getByText('The server did not accept this code.').waitFor()
})
