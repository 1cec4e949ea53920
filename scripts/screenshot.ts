/**
 * Takes pictures of the page while it uploads files to a demo.
 *
 *   node scripts/screenshot.ts              docs/page.png, for the README
 *   node scripts/screenshot.ts --all DIR    light and dark, wide and narrow, both languages
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import sparticuz from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

interface Shot {
  path: string
  options: BrowserContextOptions
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const WIDE = { width: 1200, height: 860 }
const BYTES_PER_SECOND = 2_400_000
const NARROW = { width: 360, height: 800 }

const { values } = parseArgs({ options: { all: { type: 'string' } } })
const shots: Shot[] =
  values.all === undefined
    ? [{ path: join(ROOT, 'docs', 'page.png'), options: { locale: 'en-US', viewport: WIDE } }]
    : allShots(values.all)
const folder = await mkdtemp(join(tmpdir(), 'screenshot-'))
const demo = spawn(
  process.execPath,
  ['app/demo/local.ts', '--port', '0', '--oss-port', '0', '--dir', folder],
  { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
)
try {
  const address = await addressOf(createInterface({ input: demo.stdout }))
  const browser = await chromium.launch({
    executablePath: process.env.CHROME_PATH ?? (await sparticuz.executablePath()),
    args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
  })
  for (const shot of shots) await take(browser, address, shot)
  await browser.close()
} finally {
  demo.kill('SIGTERM')
  if (demo.exitCode === null) await once(demo, 'exit')
  await rm(folder, { recursive: true })
}

function allShots(dir: string): Shot[] {
  return (['light', 'dark'] as const).flatMap((colorScheme) =>
    Object.entries({ wide: WIDE, narrow: NARROW }).flatMap(([width, viewport]) =>
      ['en-US', 'zh-CN'].map((locale) => ({
        path: join(dir, `${colorScheme}-${width}-${locale}.png`),
        options: { colorScheme, viewport, locale },
      })),
    ),
  )
}

async function addressOf(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const address = /^OssClientAddress: (\S+)$/.exec(line)?.[1]
    if (address) return address
  }
  throw new Error('The demo ended before it printed its address')
}

async function take(browser: Browser, address: string, { path, options }: Shot): Promise<void> {
  const context = await browser.newContext({ ...options, reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(address)
  const input = page.locator('#select-files + input')
  await input.waitFor({ state: 'attached' })
  if (values.all !== undefined) {
    await page.screenshot({ path: path.replace('.png', '-empty.png') })
  }
  const start = page.locator('#start')
  await input.setInputFiles(
    await Promise.all(
      ['harbour.jpg', 'orchard.jpg', 'dunes.jpg'].map(async (name, index) => ({
        name,
        mimeType: 'image/jpeg',
        buffer: await landscape(page, index),
      })),
    ),
  )
  await page.locator('#results img').nth(2).waitFor()
  await start.click()
  await page.locator('#results [data-state=stored]').nth(2).waitFor()
  const session = await context.newCDPSession(page)
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: BYTES_PER_SECOND,
    uploadThroughput: BYTES_PER_SECOND,
  })
  await input.setInputFiles([
    { name: 'survey.zip', mimeType: 'application/zip', buffer: Buffer.alloc(18_000_000) },
  ])
  await start.click()
  // Far enough for a steady speed and remaining time.
  await page.waitForFunction(() => {
    const bar = document.querySelector<HTMLProgressElement>(
      '#results [data-state=sending] progress',
    )
    return bar !== null && bar.position > 0.6
  })
  await mkdir(join(path, '..'), { recursive: true })
  await page.screenshot({ path, fullPage: true })
  await context.close()
  console.log(path)
}

/** Draws a landscape with a sun and three ridges. */
async function landscape(page: Page, index: number): Promise<Buffer> {
  const data = await page.evaluate((number) => {
    const canvas = document.createElement('canvas')
    canvas.width = 640
    canvas.height = 420
    const pen = canvas.getContext('2d') as CanvasRenderingContext2D
    const hue = [205, 95, 28][number] ?? 0
    const sky = pen.createLinearGradient(0, 0, 0, 420)
    sky.addColorStop(0, `hsl(${hue} 60% 72%)`)
    sky.addColorStop(1, `hsl(${hue + 20} 70% 92%)`)
    pen.fillStyle = sky
    pen.fillRect(0, 0, 640, 420)
    pen.fillStyle = 'hsl(45 90% 92%)'
    pen.beginPath()
    pen.arc(460 - number * 120, 120, 42, 0, 7)
    pen.fill()
    for (const ridge of [0, 1, 2]) {
      pen.fillStyle = `hsl(${hue} ${38 + ridge * 6}% ${58 - ridge * 14}%)`
      pen.beginPath()
      pen.moveTo(0, 420)
      for (let x = 0; x <= 640; x += 8) {
        const wave = Math.sin(x / (110 - ridge * 22) + ridge * 2 + number) * 34
        pen.lineTo(x, 230 + ridge * 62 + wave)
      }
      pen.lineTo(640, 420)
      pen.fill()
    }
    return canvas.toDataURL('image/jpeg', 0.9)
  }, index)
  return Buffer.from(data.slice(data.indexOf(',') + 1), 'base64')
}
