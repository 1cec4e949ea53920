import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect, test } from 'vitest'
import { hashOf, storedPath } from './demo.ts'
import { file, hash, results, select, slowDown, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()

test('several files, an empty one and Unicode names are stored byte for byte', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  expect(await page.evaluate(() => isSecureContext)).toBe(false)
  expect(await page.title()).toBe('Transfer Data from Web Client to OSS')
  const files = [
    file('photo.jpg', randomBytes(300_000)),
    file('empty.txt', ''),
    file('照片 (1) & 100%.png', randomBytes(20_000)),
    file('<img src=x onerror=alert(1)>.txt', 'no markup'),
    file('large.bin', randomBytes(12_000_000)),
  ]
  await select(page, files)
  await page.getByRole('button', { name: 'Upload 5 files' }).click()
  const lines = await results(page, files.length)
  expect(lines.sort()).toEqual(
    files.map(({ name }) => `stored: ${name}: Stored as upload/${name}`).sort(),
  )
  expect(await demo.stored()).toEqual(
    Object.fromEntries(
      files.map(({ name, buffer }) => [storedPath(`upload/${name}`), hash(buffer)]),
    ),
  )
})

test('the page shows the progress of a file of 200 MB', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  const path = join(shared.folder, 'film.mp4')
  const block = randomBytes(1024 * 1024)
  await pipeline(
    Readable.from(
      (function* () {
        for (let index = 0; index < 200; index += 1) {
          block.writeUInt32BE(index)
          yield Buffer.from(block)
        }
      })(),
    ),
    createWriteStream(path),
  )
  await select(page, [path])
  await page.evaluate(() => {
    const seen = new Set<string>()
    Object.assign(window, { seen })
    new MutationObserver(() => {
      seen.add(document.querySelector('#results .text')?.textContent ?? '')
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  await upload(page)
  expect(await results(page, 1)).toEqual(['stored: film.mp4: Stored as upload/film.mp4'])
  expect(await demo.stored()).toEqual({ 'upload/film.mp4': await hashOf(path) })
  const seen = await page.evaluate(() => [...(Reflect.get(window, 'seen') as Set<string>)])
  const shown = seen.filter((text) =>
    /^[\d.]+ (kB|MB) of 200 MB · [\d.,]+ (MB|GB)\/s · \d+ sec left$/.test(text),
  )
  expect(shown.length).toBeGreaterThan(0)
})

test('a cancelled upload leaves nothing behind and the others continue', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  await slowDown(page, 1_000_000)
  await select(page, [file('keep.bin', randomBytes(500_000)), file('drop.bin', randomBytes(9e6))])
  await upload(page)
  const line = page.locator('#results li', { hasText: 'drop.bin' })
  await line.getByText('B/s').waitFor()
  // The first bytes are still in memory.
  await expect.poll(() => demo.unfinished(), { timeout: 5_000 }).toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Cancel: drop.bin' }).click()
  expect(await results(page, 2)).toEqual([
    'stored: keep.bin: Stored as upload/keep.bin',
    'cancelled: drop.bin: Cancelled',
  ])
  expect(Object.keys(await demo.stored())).toEqual(['upload/keep.bin'])
  await expect.poll(() => demo.unfinished()).toBe(0)
})

test('cancelling all ends active and waiting uploads', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  const requests: string[] = []
  page.on('request', (request) => {
    if (request.url().startsWith(demo.uploadHost)) requests.push(request.url())
  })
  await slowDown(page, 500_000)
  await select(
    page,
    Array.from({ length: 8 }, (_, index) => file(`file-${index}.bin`, randomBytes(2e6))),
  )
  await upload(page)
  await page.getByText('B/s').first().waitFor()
  await page.getByRole('button', { name: 'Cancel all' }).click()
  expect((await results(page, 8)).map((line) => line.split(':')[0])).toEqual(
    Array.from({ length: 8 }, () => 'cancelled'),
  )
  await expect.poll(() => demo.unfinished()).toBe(0)
  expect(await demo.stored()).toEqual({})
  expect(requests).toHaveLength(6)
})

test.each(['demo.example', '127.0.0.1'])(
  'the key of a stored file is copied on %s',
  async (host) => {
    const demo = await shared.demo()
    const page = await shared.open(demo.address.replace('demo.example', host), {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await page.bringToFront()
    await select(page, [file('a.txt', 'a')])
    await upload(page)
    await results(page, 1)
    const button = page.getByRole('button', { name: 'Copy key: a.txt' })
    await button.click()
    await button.getByText('Copied').waitFor()
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.evaluate(() => {
      document.addEventListener('paste', ({ clipboardData }) => {
        document.body.dataset.pasted = clipboardData?.getData('text/plain') ?? ''
      })
    })
    await page.keyboard.press('Control+V')
    expect(await page.locator('body').getAttribute('data-pasted')).toBe('upload/a.txt')
  },
)

test('a file that is selected again gets a new row', async () => {
  const demo = await shared.demo({ signing: { naming: 'unique' } })
  const page = await shared.open(demo.address)
  const path = await shared.write('same.txt', 'same')
  for (const count of [1, 2]) {
    await select(page, [path])
    await upload(page)
    expect(await results(page, count)).toHaveLength(count)
  }
  const lines = await results(page, 2)
  expect(new Set(lines).size).toBe(2)
  for (const line of lines) {
    expect(line).toMatch(/^stored: same\.txt: Stored as upload\/[0-9a-f]{16}\/same\.txt$/)
  }
  expect(Object.values(await demo.stored())).toEqual([hash('same'), hash('same')])
})
