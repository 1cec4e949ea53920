import { cp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { launchChromium } from '../browser/chromium.ts'
import { freePort } from '../free-port.ts'
import { type Consumer, createConsumer } from './consumer.ts'
import { type EmbeddedOssProgram, startEmbeddedOssProgram } from './embedded-oss-program.ts'
import { startProgram, untilAnswered } from './running-program.ts'

const EXAMPLES = fileURLToPath(new URL('../../docs/examples', import.meta.url))
/** Goes in parts, with the checksum computed by a worker. */
const LARGE_BYTES = 101 * 1024 * 1024

let consumer: Consumer
let oss: EmbeddedOssProgram
let browser: Browser

beforeAll(async () => {
  consumer = await createConsumer(
    ['embedded-oss', 'server', 'uploader', 'uppy'].map((name) => `@oss-direct-upload/${name}`),
    { react: '19.3.1', 'react-dom': '19.3.1', vite: '8.3.8' },
  )
  await cp(EXAMPLES, join(consumer.folder, 'examples'), { recursive: true })
  oss = await startEmbeddedOssProgram(consumer)
  browser = await launchChromium()
}, 300_000)
afterAll(async () => {
  await browser.close()
  await oss.stop()
  await consumer.remove()
})

/** Builds an example, serves it with the example for Express, and opens it. */
async function openExample(name: string): Promise<Page> {
  const folder = join('examples', name)
  await consumer.run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', folder])
  const port = String(await freePort())
  const env = { ...oss.env, PORT: port, PAGE: join(folder, 'dist') }
  const server = await startProgram(['examples/express.ts'], consumer.folder, env)
  const page = await browser.newPage()
  onTestFinished(async () => {
    await page.close()
    await server.stop()
  })
  await untilAnswered(`http://127.0.0.1:${port}/`)
  await page.goto(`http://127.0.0.1:${port}/`)
  return page
}

/** Selects a file that is allowed, and one that is not. */
async function select(page: Page, name: string): Promise<void> {
  await page.locator('input').setInputFiles([
    { name, mimeType: 'image/png', buffer: Buffer.from('hello') },
    { name: 'a.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('x') },
  ])
}

/** Returns the text of the object with this name, which is below a random folder. */
async function stored(name: string): Promise<string> {
  const paths = await readdir(oss.folder, { recursive: true })
  const path = paths.find((candidate) => candidate.endsWith(`/${name}`))
  return readFile(join(oss.folder, path ?? name), 'utf8')
}

test.each(['plain', 'react'])('the example "%s" uploads in a browser', async (name) => {
  const html = await readFile(join(EXAMPLES, 'plain/index.html'), 'utf8')
  const script = name === 'react' ? 'main.tsx' : 'main.ts'
  await consumer.write(`examples/${name}/index.html`, html.replace('main.ts', script))
  const page = await openExample(name)
  await select(page, `${name}.png`)
  const items = page.locator('li')
  await items.getByText(`${name}.png: stored`).waitFor()
  await items.getByText(/a\.exe: .*TypeNotAllowed/).waitFor()
  expect(await stored(`${name}.png`)).toBe('hello')
  expect(await items.count()).toBe(2)
})

test('the example "uppy" uploads in a browser', async () => {
  const html = await readFile(join(EXAMPLES, 'plain/index.html'), 'utf8')
  await consumer.write('examples/uppy/index.html', html)
  const page = await openExample('uppy')
  const lines: string[] = []
  page.on('console', (message) => lines.push(message.text()))
  await select(page, 'uppy.png')
  const printed = () => lines.join('\n')
  await expect.poll(printed, { timeout: 10_000 }).toMatch(/uppy\.png upload\/.+\/uppy\.png/)
  await expect.poll(printed, { timeout: 10_000 }).toMatch(/a\.exe .*TypeNotAllowed/)
  expect(await stored('uppy.png')).toBe('hello')
})

test('a large file goes in parts, whose checksum a worker computes', async () => {
  await cp(join(EXAMPLES, 'plain'), join(consumer.folder, 'examples/parts'), { recursive: true })
  const text = await readFile(join(EXAMPLES, 'plain/main.ts'), 'utf8')
  await consumer.write(
    'examples/parts/main.ts',
    text.replace('new Uploader({', 'new Uploader({ multipartThreshold: () => 100 * 1024 * 1024,'),
  )
  const page = await openExample('parts')
  const paths: string[] = []
  page.on('request', (request) => paths.push(new URL(request.url()).pathname))
  await page.evaluate((bytes) => {
    const files = new DataTransfer()
    files.items.add(new File([new Uint8Array(bytes)], 'large.png', { type: 'image/png' }))
    const input = document.querySelector('input') as HTMLInputElement
    input.files = files.files
    input.dispatchEvent(new Event('change'))
  }, LARGE_BYTES)
  await page.locator('li').getByText('large.png: stored').waitFor({ timeout: 60_000 })
  expect(paths).toContainEqual(expect.stringMatching(/checksum-worker/))
  expect(await stored('large.png')).toHaveLength(LARGE_BYTES)
}, 120_000)
