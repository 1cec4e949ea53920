import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()

/** Opens the page of a server whose configuration has this https notice. */
async function openWithFile(https: object): Promise<Page> {
  const demo = await shared.demo()
  const { port } = new URL(demo.address)
  return shared.open(`http://demo.example:${port}`, { locale: 'en-US' }, async (page) => {
    await page.route('**/config.json', async (route) => {
      const response = await route.fetch({ url: `http://127.0.0.1:${port}/config.json` })
      await route.fulfill({ json: { ...((await response.json()) as object), https } })
    })
  })
}

test('a page over http says why there is no certificate, in both languages', async () => {
  const https = { state: 'failing', url: 'https://demo.example', reason: 'rateLimited' }
  const page = await openWithFile(https)
  const notice = page.locator('#unencrypted-text')
  await expect
    .poll(() => notice.textContent())
    .toBe(
      'This page was loaded over a connection that is not encrypted. Files are still encrypted on their ' +
        'way to the bucket. The server has no certificate: it has requested too many recently and has to wait.',
    )
  await page.locator('button[data-language=zh]').click()
  await expect
    .poll(() => notice.textContent())
    .toBe(
      '本页面通过未加密的连接打开。文件上传到存储空间时仍然是加密的。' +
        '服务器没有证书：近期申请的证书过多，需要等待。',
    )
})

test('a page over http links to https once that is served', async () => {
  const page = await openWithFile({ state: 'serving', url: 'https://demo.example' })
  const link = page.getByRole('link', { name: 'Open the encrypted page' })
  await link.waitFor()
  expect(await link.getAttribute('href')).toBe('https://demo.example')
  await page.locator('button[data-language=zh]').click()
  await page.getByRole('link', { name: '打开加密页面' }).waitFor()
})

test('a page over http says that the first certificate is pending', async () => {
  const page = await openWithFile({ state: 'pending', url: 'https://demo.example' })
  await expect
    .poll(() => page.locator('#unencrypted-text').textContent())
    .toContain('waiting for its certificate')
  expect(await page.getByRole('link', { name: 'Open the encrypted page' }).count()).toBe(0)
})

test('without https there is no notice', async () => {
  const demo = await shared.demo()
  const { port } = new URL(demo.address)
  const page = await shared.open(`http://demo.example:${port}`, { locale: 'en-US' })
  await page.locator('#limits:not(:empty)').waitFor()
  expect(await page.locator('#unencrypted').isVisible()).toBe(false)
})
