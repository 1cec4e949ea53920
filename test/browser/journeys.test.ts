import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { storedPath } from './demo.ts'
import { dropFiles } from './drop-files.ts'
import type { Tab } from './engines/tab.ts'
import { type LargeDemo, startLargeDemo } from './large-demo.ts'
import { writeLargeFile } from './large-file.ts'
import { file, hash, results, select, upload, uploadAll } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const MIB = 1024 * 1024
const shared = pageFixture()
let largeDemo: LargeDemo | undefined

afterEach(async () => {
  await largeDemo?.close()
  largeDemo = undefined
})

/** Opens the page and uploads a file in parts of 1 MiB until the proxy stops the connections. */
async function uploadUntil(
  sentBytes: number,
  name: string,
): Promise<{ demo: LargeDemo; tab: Tab; path: string; sha256: string }> {
  largeDemo = await startLargeDemo(shared.clientDir)
  const path = join(shared.folder, name)
  const sha256 = await writeLargeFile(path, 12 * MIB)
  const tab = await shared.openTab(largeDemo.address)
  const held = largeDemo.proxy.holdAt(sentBytes)
  await select(tab, [path])
  await upload(tab)
  await held
  return { demo: largeDemo, tab, path, sha256 }
}

test('the page loads without an error under a name that is not secure', async () => {
  const demo = await shared.demo()
  const tab = await shared.openTab(demo.address)
  expect(await tab.title()).toBe('Transfer Data from Web Client to OSS')
  expect(await tab.evaluate(() => isSecureContext)).toBe(false)
  await tab.getByText('Files go to bucket.example').waitFor()
})

test('files are uploaded as forms, byte by byte', async () => {
  const demo = await shared.demo()
  const tab = await shared.openTab(demo.address)
  const files = [
    file('photo.jpg', randomBytes(300_000)),
    file('empty.txt', ''),
    file('照片 (1) & 100%.png', randomBytes(20_000)),
  ]
  await select(tab, files)
  await tab.getByRole('button', { name: 'Upload 3 files' }).click()
  const rows = await results(tab, 3)
  expect(rows.sort()).toEqual(
    files.map(({ name }) => `stored: ${name}: Stored as upload/${name}`).sort(),
  )
  expect(await demo.stored()).toEqual(
    Object.fromEntries(
      files.map(({ name, buffer }) => [storedPath(`upload/${name}`), hash(buffer)]),
    ),
  )
})

test('a large file is uploaded in parts, and its row shows the progress', async () => {
  const { demo, tab, sha256 } = await uploadUntil(4 * MIB, 'film.bin')
  await tab
    .locator('#results li')
    .getByText(/ MB of 12 MB/)
    .waitFor()
  demo.proxy.release()
  expect(await results(tab, 1)).toEqual(['stored: film.bin: Stored as upload/film.bin'])
  expect(await demo.hashOfObject('upload/film.bin')).toBe(sha256)
  const parts = new Set(demo.received.map(({ partNumber }) => partNumber))
  expect(parts.size).toBe(12)
})

test('a cancelled upload leaves nothing behind', async () => {
  const { demo, tab } = await uploadUntil(4 * MIB, 'film.bin')
  await tab.getByRole('button', { name: 'Cancel: film.bin' }).click()
  demo.proxy.release()
  expect(await results(tab, 1)).toEqual(['cancelled: film.bin: Cancelled'])
  await expect.poll(demo.unfinished).toBe(0)
  expect(await demo.hashOfObject('upload/film.bin')).toBeUndefined()
})

test('an upload is paused and resumed', async () => {
  const { demo, tab, sha256 } = await uploadUntil(4 * MIB, 'film.bin')
  await tab.getByRole('button', { name: 'Pause: film.bin' }).click()
  await tab.locator('#results li').getByText('Paused', { exact: true }).waitFor()
  demo.proxy.release()
  // What had left the browser still arrives.
  await tab.waitForTimeout(500)
  const { sent } = demo.proxy
  await tab.waitForTimeout(1000)
  expect(demo.proxy.sent).toBe(sent)
  await tab.getByRole('button', { name: 'Resume: film.bin' }).click()
  expect(await results(tab, 1)).toEqual(['stored: film.bin: Stored as upload/film.bin'])
  expect(await demo.hashOfObject('upload/film.bin')).toBe(sha256)
})

test('an upload resumes after a reload', async () => {
  const { demo, tab, path, sha256 } = await uploadUntil(6 * MIB, 'film.bin')
  await tab.reload()
  demo.proxy.release()
  await tab.locator('#unfinished li', { hasText: 'film.bin' }).waitFor()
  await select(tab, [path])
  await upload(tab)
  expect(await results(tab, 1)).toEqual(['stored: film.bin: Stored as upload/film.bin'])
  expect(await demo.hashOfObject('upload/film.bin')).toBe(sha256)
})

test('files of a forbidden type or size are not added', async () => {
  const demo = await shared.demo({ signing: { allowedTypes: ['.jpg'], maxSize: 1000 } })
  const tab = await shared.openTab(demo.address)
  await tab.getByText('Up to 1,000 bytes each · .jpg').waitFor()
  await select(tab, [
    file('notes.txt', 'text'),
    file('huge.jpg', Buffer.alloc(1001)),
    file('fine.jpg', Buffer.alloc(1000)),
  ])
  await tab.getByRole('button', { name: 'Upload 1 file' }).click()
  expect(await results(tab, 3)).toEqual([
    'notAdded: notes.txt: Not added: only these types are allowed here: .jpg',
    'notAdded: huge.jpg: Not added: larger than the 1,000 bytes allowed here.',
    'stored: fine.jpg: Stored as upload/fine.jpg',
  ])
})

test('a name that is taken is explained, and both files can be kept', async () => {
  const demo = await shared.demo()
  const tab = await shared.openTab(demo.address)
  await uploadAll(tab, [file('a.txt', 'first')])
  const [, taken] = await uploadAll(tab, [file('a.txt', 'second one')], 2)
  expect(taken).toMatch(/^failed: a\.txt: A file with this name already exists\. /)
  await tab.getByRole('button', { name: 'Keep both: a.txt' }).click()
  await tab.locator('#results li[data-state=stored]').nth(1).waitFor()
  expect(Object.values(await demo.stored()).sort()).toEqual(
    [hash('first'), hash('second one')].sort(),
  )
})

test('a Chinese browser gets the page in Chinese', async () => {
  const demo = await shared.demo()
  const tab = await shared.openTab(demo.address, { locale: 'zh-CN' })
  expect(await tab.locator('h1').textContent()).toBe('从网页客户端直传数据到 OSS')
  expect(await tab.locator('html').getAttribute('lang')).toBe('zh-CN')
  await tab.getByRole('button', { name: 'English' }).click()
  await tab.getByText('Transfer Data from Web Client to OSS', { exact: true }).first().waitFor()
})

test('the page follows the dark colour scheme', async () => {
  const demo = await shared.demo()
  const textBrightness = async (colorScheme: 'light' | 'dark'): Promise<number> => {
    const tab = await shared.openTab(demo.address, { colorScheme })
    return tab.evaluate(() => {
      const { color } = getComputedStyle(document.body)
      const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number)
      return (red + green + blue) / 3
    })
  }
  expect(await textBrightness('light')).toBeLessThan(80)
  expect(await textBrightness('dark')).toBeGreaterThan(180)
})

test('files are uploaded with the keyboard alone', async () => {
  const demo = await shared.demo()
  const tab = await shared.openTab(demo.address)
  await select(tab, [file('a.txt', 'a')])
  const name = 'Upload 1 file'
  await tab.getByRole('button', { name }).waitFor()
  const focused = () =>
    tab.evaluate(
      () =>
        document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent,
    )
  for (let presses = 0; (await focused()) !== name && presses < 40; presses += 1) {
    await tab.keyboard.press('Tab')
  }
  await tab.keyboard.press('Enter')
  expect(await results(tab, 1)).toEqual(['stored: a.txt: Stored as upload/a.txt'])
})

test('files are dropped on the page', async () => {
  const demo = await shared.demo()
  const tab = await shared.openTab(demo.address)
  await dropFiles(tab, 'h1', { 'a.txt': 'a', 'b.txt': 'b' })
  await tab.getByRole('button', { name: 'Upload 2 files' }).click()
  expect((await results(tab, 2)).sort()).toEqual([
    'stored: a.txt: Stored as upload/a.txt',
    'stored: b.txt: Stored as upload/b.txt',
  ])
})
