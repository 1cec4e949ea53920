import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { storedPath } from './demo.ts'
import { file, hash, results, select, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()

test('the keys keep the structure of a folder', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  await shared.write('trip/day 1/a.txt', 'one')
  await shared.write('trip/day 2/a.txt', 'two')
  await shared.write('trip/b.txt', 'three')
  await page.locator('#select-folder + input').setInputFiles(join(shared.folder, 'trip'))
  await upload(page)
  expect((await results(page, 3)).sort()).toEqual([
    'stored: trip/b.txt: Stored as upload/trip/b.txt',
    'stored: trip/day 1/a.txt: Stored as upload/trip/day 1/a.txt',
    'stored: trip/day 2/a.txt: Stored as upload/trip/day 2/a.txt',
  ])
  expect(Object.values(await demo.stored()).sort()).toEqual(
    ['one', 'two', 'three'].map((text) => hash(text)).sort(),
  )
})

test('system files of a folder are not added but counted, and names are stored in NFC', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  for (const name of ['a.txt', '.DS_Store', 'in/Thumbs.db', 'cafe\u0301.txt']) {
    await shared.write(`mac/${name}`, name)
  }
  await page.locator('#select-folder + input').setInputFiles(join(shared.folder, 'mac'))
  await page.getByRole('button', { name: 'Upload 2 files' }).click()
  expect((await results(page, 3)).sort()).toEqual([
    'notAdded: : Not added: 2 files of the operating system, such as .DS_Store and Thumbs.db.',
    'stored: mac/a.txt: Stored as upload/mac/a.txt',
    'stored: mac/cafe\u0301.txt: Stored as upload/mac/caf\u00e9.txt',
  ])
  expect(Object.keys(await demo.stored()).sort()).toEqual(
    ['upload/mac/a.txt', 'upload/mac/caf\u00e9.txt'].map(storedPath).sort(),
  )
  // One that is selected by itself is meant.
  await select(page, [join(shared.folder, 'mac', '.DS_Store')])
  await page.getByRole('button', { name: 'Upload 1 file' }).waitFor()
})

test.each(['#picker', 'h1'])(
  'an empty folder that is dropped on %s is reported',
  async (target) => {
    const demo = await shared.demo()
    const page = await shared.open(demo.address)
    const empty = join(shared.folder, 'empty')
    await mkdir(empty, { recursive: true })
    await drop(page, target, [empty])
    expect(await results(page, 1)).toEqual(['notAdded: empty: Not added: the folder is empty.'])
  },
)

/** Drops files or folders on the middle of an element. */
async function drop(page: Page, selector: string, paths: string[]): Promise<void> {
  const box = await page.locator(selector).boundingBox()
  if (!box) throw new Error(`${selector} is not to be seen`)
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: paths, dragOperationsMask: 1 }
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, data }
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at })
  // The page decides at every move whether it accepts a drop.
  for (let move = 0; move < 5; move += 1) {
    await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...at })
    await page.waitForTimeout(30)
  }
  await session.send('Input.dispatchDragEvent', { type: 'drop', ...at })
  await session.detach()
}

test.each(['#picker', 'h1'])('files and folders are dropped on %s', async (target) => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  const single = await shared.write('single.txt', 'single')
  await shared.write('dropped/in/a.txt', 'a')
  await shared.write('dropped/b.txt', 'b')
  await drop(page, target, [single, join(shared.folder, 'dropped')])
  await page.getByRole('button', { name: 'Upload 3 files' }).click()
  expect((await results(page, 3)).sort()).toEqual([
    'stored: dropped/b.txt: Stored as upload/dropped/b.txt',
    'stored: dropped/in/a.txt: Stored as upload/dropped/in/a.txt',
    'stored: single.txt: Stored as upload/single.txt',
  ])
  expect(Object.values(await demo.stored()).sort()).toEqual(['a', 'b', 'single'].map(hash).sort())
  // The browser has not opened the file.
  expect(
    page
      .context()
      .pages()
      .map((tab) => tab.url()),
  ).toEqual([`${demo.address}/`])
  expect(await page.locator('body.dropping').count()).toBe(0)
})

test('a picture is pasted wherever the focus is, and text stays text', async () => {
  const demo = await shared.demo({ signing: { accessCode: 'open sesame', naming: 'unique' } })
  // Only a page in a secure context may write to the clipboard.
  const copier = await shared.open(demo.address.replace('demo.example', '127.0.0.1'), {
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  await copier.bringToFront()
  const size = await copier.evaluate(async () => {
    const canvas = document.createElement('canvas')
    const picture = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
    if (!picture) throw new Error('No picture')
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })])
    return picture.size
  })
  expect(size).toBeGreaterThan(0)
  const page = await shared.open(demo.address)
  await page.bringToFront()
  const count = () => page.locator('#results li').count()
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY')
  await page.keyboard.press('Control+V')
  await expect.poll(count).toBe(1)
  await page.locator('#select-files').focus()
  await page.keyboard.press('Control+V')
  await expect.poll(count).toBe(2)
  await copier.bringToFront()
  await copier.evaluate(() => navigator.clipboard.writeText('open sesame'))
  await page.bringToFront()
  await page.locator('#code').focus()
  await page.keyboard.press('Control+V')
  await page.keyboard.press('Enter')
  await page.locator('#code').waitFor({ state: 'hidden' })
  await upload(page)
  for (const line of await results(page, 2)) {
    expect(line).toMatch(/^stored: image\.png: Stored as upload\/[0-9a-f]{16}\/image\.png$/)
  }
  expect(Object.keys(await demo.stored())).toHaveLength(2)
})

test('the camera is loaded on demand and its picture is uploaded', async () => {
  const demo = await shared.demo()
  // Localhost is a secure context, which the camera needs.
  const page = await shared.open(demo.address.replace('demo.example', '127.0.0.1'), {
    permissions: ['camera'],
  })
  await page.getByRole('button', { name: '中文' }).click()
  await page.getByRole('button', { name: '相机' }).waitFor()
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('button', { name: 'Camera' }).click()
  await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
  await page.getByRole('button', { name: 'Take a picture' }).click()
  await page.getByRole('button', { name: 'Use this picture' }).click()
  await upload(page)
  expect((await results(page, 1))[0]).toMatch(
    /^stored: cam-\d+\.jpg: Stored as upload\/cam-\d+\.jpg$/,
  )
})

test('without a secure context a phone offers its own camera app', async () => {
  const demo = await shared.demo()
  const desktop = await shared.open(demo.address)
  expect(await desktop.getByRole('button', { name: 'Take Picture' }).count()).toBe(0)
  const phone = await shared.open(demo.address, { hasTouch: true, isMobile: true })
  const chooser = phone.waitForEvent('filechooser')
  await phone.getByRole('button', { name: 'Take Picture' }).click()
  expect(await (await chooser).element().getAttribute('capture')).toBe('environment')
})

/** Adds the EXIF orientation of a camera that was held sideways to a JPEG. */
function turned(jpeg: Buffer): Buffer {
  const tiff = '4d4d002a00000008' + '0001' + '011200030000000100060000' + '00000000'
  const exif = Buffer.from(`457869660000${tiff}`, 'hex')
  const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2])
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)])
}

test('a picture that was taken sideways is shown upright', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  const drawn = await page.evaluate(() => {
    const canvas = document.createElement('canvas')
    canvas.width = 600
    canvas.height = 300
    return canvas.toDataURL('image/jpeg')
  })
  const jpeg = Buffer.from(drawn.slice(drawn.indexOf(',') + 1), 'base64')
  await select(page, [
    file('flat.jpg', jpeg, 'image/jpeg'),
    file('up.jpg', turned(jpeg), 'image/jpeg'),
  ])
  const previews = page.locator('#results img')
  await previews.nth(1).waitFor()
  const shapes = await previews.evaluateAll((images) =>
    Promise.all(
      images.map(async (image) => {
        await (image as HTMLImageElement).decode()
        const { naturalWidth, naturalHeight } = image as HTMLImageElement
        return naturalWidth > naturalHeight ? 'wide' : 'tall'
      }),
    ),
  )
  expect(shapes).toEqual(['wide', 'tall'])
})
