import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../browser/chromium.ts'
import { freePort } from '../free-port.ts'
import { type MarkdownPart, markdownParts, readText } from '../unit/docs/markdown.ts'
import { type Consumer, createConsumer, install } from './consumer.ts'
import { startProgram, untilAnswered } from './running-program.ts'

/** What is shown below a heading. */
async function blocksBelow(path: string, heading: string): Promise<MarkdownPart[]> {
  const parts = markdownParts(await readText(path))
  const start = parts.findIndex(({ kind, text }) => kind === 'heading' && text === heading)
  const end = parts.findIndex(
    ({ kind, level = 0 }, index) => index > start && kind === 'heading' && level <= 2,
  )
  return parts.slice(start + 1, end < 0 ? undefined : end).filter(({ kind }) => kind === 'code')
}

let consumer: Consumer
let browser: Browser

beforeAll(async () => {
  consumer = await createConsumer([])
  browser = await launchChromium()
}, 120_000)
afterAll(async () => {
  await browser.close()
  await consumer.remove()
})

test('the snippets of "Take parts" run as they stand', async () => {
  const [command, router, uploader, ...rest] = await blocksBelow('README.md', 'Take parts')
  expect([command?.language, router?.language, uploader?.language, rest]).toEqual([
    'sh',
    'ts',
    'ts',
    [],
  ])
  await consumer.run('sh', ['-c', command?.text ?? ''])
  await consumer.write('server.ts', router?.text ?? '')
  const port = String(await freePort())
  const server = await startProgram(['server.ts'], consumer.folder, { PORT: port })
  const origin = `http://127.0.0.1:${port}`
  const path = `${origin}/signature?name=a.png&type=image/png&size=5`
  expect((await untilAnswered(path)).status).toBe(403)
  const signed = await fetch(path, { headers: { cookie: 'session=1' } })
  expect(await signed.json()).toMatchObject({ key: expect.stringMatching(/^upload\/.+\/a\.png$/) })

  await install(consumer, ['@oss-direct-upload/uploader', 'vite@8.3.8'])
  await consumer.write('main.ts', uploader?.text ?? '')
  const html = '<!doctype html><input type="file"><script type="module" src="/main.ts"></script>'
  await consumer.write('index.html', html)
  await consumer.run(process.execPath, ['node_modules/vite/bin/vite.js', 'build'])

  const context = await browser.newContext()
  await context.addCookies([{ name: 'session', value: '1', url: origin }])
  const page = await context.newPage()
  const posted: string[] = []
  await page.route(`${origin}/`, (route) =>
    route.fulfill({ path: join(consumer.folder, 'dist/index.html') }),
  )
  await page.route(`${origin}/assets/*`, (route) =>
    route.fulfill({
      path: join(consumer.folder, 'dist', new URL(route.request().url()).pathname),
    }),
  )
  await page.route('https://my-bucket.oss-ap-southeast-1.aliyuncs.com/', (route) => {
    posted.push(route.request().method())
    return route.fulfill({ status: 200, headers: { 'access-control-allow-origin': origin } })
  })
  const stored = page.waitForEvent('console', {
    predicate: async (message) => {
      const event = await message.args()[0]?.jsonValue()
      return event?.kind === 'changed' && event.upload.state.kind === 'stored'
    },
  })
  await page.goto(`${origin}/`)
  await page
    .locator('input')
    .setInputFiles([{ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('hello') }])
  await stored
  expect(posted).toEqual(['POST'])
  await context.close()
  await server.stop()
}, 180_000)

test('npx starts the embedded OSS as it is documented', async (context) => {
  const text = await readText('README.md')
  const [command = ''] = /npx @oss-direct-upload\/embedded-oss [^`]*/.exec(text) ?? []
  const blocks = await blocksBelow('docs/parts.md', 'The embedded OSS in your tests')
  expect(blocks[0]?.text).toBe(`${command}\n`)
  const folder = join(consumer.folder, 'npx')
  await mkdir(folder)
  await consumer.write('npx/.npmrc', await readFile(join(consumer.folder, '.npmrc'), 'utf8'))
  const child = spawn('sh', ['-c', `exec ${command}`], {
    cwd: folder,
    detached: true,
    // The answer to the question whether to install it.
    env: { ...process.env, npm_config_yes: 'true' },
  })
  const lines = await linesUntil(child, /^OssEndpoint: |is taken: choose another/)
  context.skip(
    lines.some((line) => line.includes('is taken')),
    'another program has port 9000',
  )
  expect(lines.at(-1)).toBe('OssEndpoint: http://127.0.0.1:9000')
  expect((await fetch('http://127.0.0.1:9000/photos/none')).status).toBe(403)
  process.kill(-(child.pid ?? 0))
  await once(child, 'exit')
}, 120_000)

async function linesUntil(child: ChildProcess, last: RegExp): Promise<string[]> {
  const lines: string[] = []
  if (child.stdout === null || child.stderr === null) throw new Error('No output to read')
  return new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream as NodeJS.ReadableStream).on('line', (line) => {
        lines.push(line)
        if (last.test(line)) resolve(lines)
      })
    }
    child.on('exit', () => resolve(lines))
  })
}

test('the fixture for Vitest runs as it stands', async () => {
  await install(consumer, [
    '@oss-direct-upload/embedded-oss',
    '@oss-direct-upload/signing',
    'vitest@5.1.1',
  ])
  const example = fileURLToPath(new URL('../../docs/examples/upload.test.ts', import.meta.url))
  await consumer.write('upload.test.ts', await readFile(example, 'utf8'))
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--root', consumer.folder]
  expect(await consumer.run(process.execPath, args)).toContain('1 passed')
}, 120_000)

test('the signing server runs as the README of its package says', async () => {
  const blocks = markdownParts(await readText('app/server/README.md')).filter(
    ({ language }) => language === 'sh',
  )
  const command = blocks.at(-1)?.text ?? ''
  const port = String(await freePort())
  const child = spawn('sh', ['-c', command], {
    cwd: consumer.folder,
    detached: true,
    env: { ...process.env, PORT: port },
  })
  await linesUntil(child, /^Listening on port /)
  const page = await (await untilAnswered(`http://127.0.0.1:${port}/`)).text()
  expect(page).toContain('<title>')
  const path = `http://127.0.0.1:${port}/signature?name=a.png&size=5`
  expect((await fetch(path)).status).toBe(200)
  process.kill(-(child.pid ?? 0))
  await once(child, 'exit')
}, 120_000)
