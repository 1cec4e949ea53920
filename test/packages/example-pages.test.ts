import { cp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

test.each(['plain', 'react'])(
  'the example "%s" is built by Vite, and uploads in a browser',
  async (name) => {
    const folder = join(consumer.folder, 'examples', name)
    await consumer.run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', folder])
    const port = String(await freePort())
    const env = { ...oss.env, PORT: port, PAGE: join(folder, 'dist') }
    const server = await startProgram(['examples/express.ts'], consumer.folder, env)
    await untilAnswered(`http://127.0.0.1:${port}/`)

    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${port}/`)
    await page.locator('input').setInputFiles([
      { name: `${name}.png`, mimeType: 'image/png', buffer: Buffer.from('hello') },
      { name: 'a.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('x') },
    ])
    const items = page.locator('li')
    await items.getByText(`${name}.png: stored`).waitFor()
    await items.getByText(/a\.exe: .*TypeNotAllowed/).waitFor()
    expect(await stored(`${name}.png`)).toBe('hello')
    expect(await items.count()).toBe(2)
    await page.close()
    await server.stop()
  },
)

/** Returns the text of the object with this name, which is below a random folder. */
async function stored(name: string): Promise<string> {
  const paths = await readdir(oss.folder, { recursive: true })
  const path = paths.find((candidate) => candidate.endsWith(`/${name}`))
  return readFile(join(oss.folder, path ?? name), 'utf8')
}

test('the example "uppy" is built by Vite, and uploads in a browser', async () => {
  const folder = join(consumer.folder, 'examples/uppy')
  await consumer.run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', folder])
  const port = String(await freePort())
  const env = { ...oss.env, PORT: port, PAGE: join(folder, 'dist') }
  const server = await startProgram(['examples/express.ts'], consumer.folder, env)
  await untilAnswered(`http://127.0.0.1:${port}/`)
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${port}/`)
  const lines: string[] = []
  page.on('console', (message) => lines.push(message.text()))
  await page.locator('input').setInputFiles([
    { name: 'uppy.png', mimeType: 'image/png', buffer: Buffer.from('hello') },
    { name: 'a.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('x') },
  ])
  await expect.poll(() => lines.filter((line) => line.startsWith('uppy.png '))).toHaveLength(1)
  await expect.poll(() => lines.join('\n'), { timeout: 10_000 }).toMatch(/a\.exe .*TypeNotAllowed/)
  expect(lines[0]).toMatch(/upload\/.+\/uppy\.png$/)
  expect(await stored('uppy.png')).toBe('hello')
  await page.close()
  await server.stop()
})

test('a large file goes in parts, whose checksum a worker computes', async () => {
  const port = String(await freePort())
  const env = { ...oss.env, PORT: port, PAGE: join(consumer.folder, 'examples/parts/dist') }
  await cp(join(EXAMPLES, 'plain'), join(consumer.folder, 'examples/parts'), { recursive: true })
  const main = join('examples/parts/main.ts')
  const text = await readFile(join(consumer.folder, main), 'utf8')
  await consumer.write(
    main,
    text.replace('new Uploader({', 'new Uploader({ multipartThreshold: () => 100 * 1024 * 1024,'),
  )
  const build = ['node_modules/vite/bin/vite.js', 'build', 'examples/parts']
  expect(await consumer.run(process.execPath, build)).toContain('checksum-worker')
  const server = await startProgram(['examples/express.ts'], consumer.folder, env)
  await untilAnswered(`http://127.0.0.1:${port}/`)
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${port}/`)
  const paths: string[] = []
  page.on('request', (request) => paths.push(new URL(request.url()).pathname))
  await page.evaluate((bytes) => {
    const files = new DataTransfer()
    files.items.add(new File([new Uint8Array(bytes)], 'large.png', { type: 'image/png' }))
    const input = document.querySelector('input') as HTMLInputElement
    input.files = files.files
    input.dispatchEvent(new Event('change'))
  }, LARGE_BYTES)
  await page.locator('li').getByText(`large.png: stored`).waitFor({ timeout: 60_000 })
  expect(paths).toContainEqual(expect.stringMatching(/checksum-worker/))
  expect(await stored('large.png')).toHaveLength(LARGE_BYTES)
  await page.close()
  await server.stop()
}, 120_000)
