import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchChromium } from './chromium.ts'

let folder: string
let demo: ChildProcess
let address: string
let browser: Browser
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-'))
  demo = spawn(
    process.execPath,
    ['app/local.ts', '--port', '0', '--oss-port', '0', '--dir', join(folder, 'stored')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  if (!demo.stdout) throw new Error('The demo has no output')
  for await (const line of createInterface({ input: demo.stdout })) {
    const found = /^OssClientAddress: (http:\/\/\S+)$/.exec(line)
    if (found?.[1]) {
      address = found[1]
      break
    }
  }
  // A name that is not localhost: the deployed page is no secure context either.
  browser = await launchChromium({ 'demo.example': '127.0.0.1' })
  address = address.replace('127.0.0.1', 'demo.example')
})

afterAll(async () => {
  await browser?.close()
  demo.kill('SIGTERM')
  await once(demo, 'exit')
  await rm(folder, { recursive: true })
})

beforeEach(async () => {
  complaints.length = 0
  page = await browser.newPage({ locale: 'en-US' })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.goto(address)
})

afterEach(async () => {
  await page.close()
})

async function select(files: Record<string, Buffer>): Promise<void> {
  const paths = await Promise.all(
    Object.entries(files).map(async ([name, bytes]) => {
      const path = join(folder, name)
      await writeFile(path, bytes)
      return path
    }),
  )
  await page.locator('input.uppy-Dashboard-input').first().setInputFiles(paths)
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function stored(): Promise<Map<string, string>> {
  const root = join(folder, 'stored', 'demo-bucket')
  const found = new Map<string, string>()
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    found.set(entry.name, hash(await readFile(join(entry.parentPath, entry.name))))
  }
  return found
}

test('several files, an empty one and a unicode name arrive byte for byte', async () => {
  const files = {
    'photo.jpg': randomBytes(300_000),
    'empty.txt': Buffer.alloc(0),
    '照片.png': randomBytes(20_000),
    'large.bin': randomBytes(20_000_000),
  }
  expect(await page.evaluate(() => isSecureContext)).toBe(false)
  expect(await page.title()).toBe('Transfer Data from Web Client to OSS')
  await select(files)
  await page.getByRole('button', { name: /^Upload 4 files$/ }).click()
  await page.waitForFunction(() => document.querySelectorAll('#results li').length === 4)
  expect(await page.locator('#results li.failed').allTextContents()).toEqual([])
  const found = await stored()
  for (const [name, bytes] of Object.entries(files)) expect(found.get(name)).toBe(hash(bytes))
  expect(complaints).toEqual([])
})

test('a signature that the bucket refuses is explained, and not tried again', async () => {
  const signatures: string[] = []
  await page.route('**/signature?*', async (route) => {
    signatures.push(route.request().url())
    const response = await route.fetch({
      url: route.request().url().replace('demo.example', '127.0.0.1'),
    })
    const body = await response.json()
    body.fields['x-oss-signature'] = '0'.repeat(64)
    await route.fulfill({ response, json: body })
  })
  await select({ 'refused.txt': Buffer.from('no') })
  await page.getByRole('button', { name: /^Upload 1 file$/ }).click()
  const failure = page.locator('#results li.failed')
  await failure.waitFor()
  expect(await failure.textContent()).toMatch(
    /^refused\.txt: The server signs with a key that the bucket does not accept: tell its operator\. \(EC 0002-00000705, request [0-9A-F]{24}\)$/,
  )
  expect(signatures).toHaveLength(1)
  expect((await stored()).has('refused.txt')).toBe(false)
})

test('a lost connection is tried again with a new signature', async () => {
  let lost = 0
  await page.route('http://127.0.0.1:*/', async (route) => {
    lost += 1
    if (lost === 1) await route.abort('connectionreset')
    else await route.continue()
  })
  await select({ 'again.txt': Buffer.from('again') })
  await page.getByRole('button', { name: /^Upload 1 file$/ }).click()
  await page.locator('#results li').waitFor()
  expect(lost).toBe(2)
  expect((await stored()).get('again.txt')).toBe(hash(Buffer.from('again')))
})
