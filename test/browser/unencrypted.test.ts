import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { visits } from './visit.ts'

const shared = visits()

/** Opens the page of a server that tells this of https. */
async function openWith(https: object): Promise<Page> {
  const demo = await shared.demo()
  const { port } = new URL(demo.address)
  return shared.open(`http://demo.example:${port}`, { locale: 'en-US' }, async (page) => {
    await page.route('**/config.json', async (route) => {
      const response = await route.fetch({ url: `http://127.0.0.1:${port}/config.json` })
      await route.fulfill({ json: { ...((await response.json()) as object), https } })
    })
  })
}

test('a page that came over http for want of a certificate says so, and why, in both languages', async () => {
  const https = { state: 'failing', url: 'https://demo.example', reason: 'rateLimited' }
  const page = await openWith(https)
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

test('once https is served, a page that is still open leads there', async () => {
  const page = await openWith({ state: 'serving', url: 'https://demo.example' })
  const link = page.getByRole('link', { name: 'Open the encrypted page' })
  await link.waitFor()
  expect(await link.getAttribute('href')).toBe('https://demo.example')
  await page.locator('button[data-language=zh]').click()
  await page.getByRole('link', { name: '打开加密页面' }).waitFor()
})

test('while the first certificate is ordered, it says so', async () => {
  const page = await openWith({ state: 'pending', url: 'https://demo.example' })
  await expect
    .poll(() => page.locator('#unencrypted-text').textContent())
    .toContain('waiting for its certificate')
  expect(await page.getByRole('link', { name: 'Open the encrypted page' }).count()).toBe(0)
})

test('where https is not meant to be, there is no notice', async () => {
  const demo = await shared.demo()
  const { port } = new URL(demo.address)
  const page = await shared.open(`http://demo.example:${port}`, { locale: 'en-US' })
  await page.locator('.uppy-Dashboard-note').waitFor()
  expect(await page.locator('#unencrypted').isVisible()).toBe(false)
})
