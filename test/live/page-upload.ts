import sparticuz from '@sparticuz/chromium'
import { chromium } from 'playwright-core'

const TIMEOUT_MS = 60_000

/**
 * Uploads a file with the deployed page in Chromium.
 *
 * @returns The key of the stored object
 * @throws Error when the page does not say within a minute that the file is stored
 */
export async function uploadByPage(address: string): Promise<string> {
  const server = process.env.HTTPS_PROXY
  const browser = await chromium.launch({
    executablePath: process.env.CHROME_PATH ?? (await sparticuz.executablePath()),
    args: ['--no-sandbox', '--disable-gpu'],
    ...(server ? { proxy: { server } } : {}),
  })
  try {
    // Chromium does not read the certificates of NODE_EXTRA_CA_CERTS.
    const context = await browser.newContext({
      locale: 'en-US',
      ignoreHTTPSErrors: Boolean(process.env.NODE_EXTRA_CA_CERTS),
    })
    const page = await context.newPage()
    page.setDefaultTimeout(TIMEOUT_MS)
    await page.goto(address)
    await page
      .locator('#select-files + input')
      .setInputFiles([{ name: 'page.txt', mimeType: 'text/plain', buffer: Buffer.from('page') }])
    await page.locator('#start').click()
    const text = await page.locator('#results [data-state=stored] .text').textContent()
    return /^Stored as (.*)$/m.exec(text ?? '')?.[1] ?? ''
  } finally {
    await browser.close()
  }
}
