import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import { hashOf } from './demo.ts'
import {
  type LargeDemo,
  type LargeDemoOptions,
  PARTS_RULE,
  startLargeDemo,
  watchParts,
  writeLargeFile,
} from './large-demo.ts'
import { results, select, upload, visits } from './visit.ts'

const MIB = 1024 * 1024
// `npm run test:large` takes 1 GiB, and parts of the size that is the default.
const SIZE = Number(process.env.LARGE_BYTES ?? 200 * MIB)
const PART = SIZE < 1024 * MIB ? 4 * MIB : 8 * MIB

const shared = visits()
let demo: LargeDemo | undefined

async function start(options: LargeDemoOptions = {}): Promise<LargeDemo> {
  demo = await startLargeDemo(shared.clientDir, options)
  return demo
}

afterEach(async () => {
  await demo?.close()
  demo = undefined
})

const line = (page: Page) => page.locator('#results li').last()

async function go(page: Page, path: string): Promise<void> {
  await select(page, [path])
  await upload(page)
}

test('cut five times and reloaded twice, a file arrives whole and no finished part is sent again', async () => {
  const { address, line, hashOfObject, unfinished, received } = await start({
    signing: { multipart: { threshold: 5 * MIB, partSize: PART } },
  })
  const path = join(shared.folder, 'film.mp4')
  const hash = await writeLargeFile(path, SIZE)
  const page = await shared.open(address)
  page.setDefaultTimeout(30_000 + SIZE / 2_000)
  expect(await page.evaluate(() => isSecureContext)).toBe(false)
  const watched = watchParts(page)
  const cuts = [0.1, 0.2, 0.45, 0.6, 0.85].map((share) => line.cutAt(SIZE * share))
  for (const share of [0.3, 0.7]) {
    const held = line.holdAt(SIZE * share)
    await go(page, path)
    await held
    await page.waitForTimeout(300)
    const reloaded = page.reload()
    await reloaded
    line.release()
    await page.getByText('Select the same file again to go on where it stopped.').waitFor()
    const left = page.locator('#unfinished li', { hasText: 'film.mp4' })
    await left.getByText(/ MB of /).waitFor()
  }
  await go(page, path)
  expect(await results(page, 1)).toEqual(['stored: film.mp4: Stored as upload/film.mp4'])
  await Promise.all(cuts)
  expect(await hashOfObject('upload/film.mp4')).toBe(hash)
  expect(watched.sentAgain).toEqual([])
  expect(new Set(received).size).toBe(Math.ceil(SIZE / PART))
  // Each cut and each reload costs at most the four parts that were under way.
  expect(line.sent).toBeLessThan(SIZE + 7 * 4 * PART)
  console.log(`${SIZE} bytes took ${line.sent} on the line, ${received.length} parts`)
  expect(await unfinished()).toBe(0)
  expect(await page.locator('#unfinished').isVisible()).toBe(false)
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
})

test('paused for longer than the URLs live, with the server restarted meanwhile', async () => {
  const {
    address,
    line: wire,
    hashOfObject,
    restart,
  } = await start({
    signing: { expiresInSeconds: 2 },
  })
  const path = join(shared.folder, 'pause.bin')
  const hash = await writeLargeFile(path, 16 * MIB)
  const page = await shared.open(address)
  const watched = watchParts(page)
  const held = wire.holdAt(6 * MIB)
  await go(page, path)
  await held
  await page.getByRole('button', { name: 'Pause: pause.bin' }).click()
  await line(page).getByText('Paused', { exact: true }).waitFor()
  wire.release()
  await restart()
  // What had left the browser still arrives.
  await page.waitForTimeout(500)
  const sent = wire.sent
  await page.waitForTimeout(3000)
  expect(wire.sent).toBe(sent)
  await page.getByRole('button', { name: 'Resume: pause.bin' }).click()
  expect(await results(page, 1)).toEqual(['stored: pause.bin: Stored as upload/pause.bin'])
  expect(await hashOfObject('upload/pause.bin')).toBe(hash)
  expect(watched.sentAgain).toEqual([])
})

test('a signing server that is away for a while is waited for', async () => {
  const {
    address,
    line: wire,
    hashOfObject,
    restart,
  } = await start({
    signing: { expiresInSeconds: 1 },
  })
  const path = join(shared.folder, 'away.bin')
  const hash = await writeLargeFile(path, 24 * MIB)
  const page = await shared.open(address)
  const held = wire.holdAt(8 * MIB)
  await go(page, path)
  await held
  const restarted = restart(1500)
  wire.release()
  await restarted
  expect(await results(page, 1)).toEqual(['stored: away.bin: Stored as upload/away.bin'])
  expect(await hashOfObject('upload/away.bin')).toBe(hash)
})

test('two tabs with the same file: one uploads it, both tell of it', async () => {
  const { address, line: wire, received, hashOfObject } = await start()
  const path = join(shared.folder, 'tabs.bin')
  const hash = await writeLargeFile(path, 12 * MIB)
  const first = await shared.open(address)
  const held = wire.holdAt(4 * MIB)
  await go(first, path)
  await held
  const second = await first.context().newPage()
  await second.goto(address)
  await go(second, path)
  await line(second).getByText('Another tab uploads this file: waiting for it').waitFor()
  wire.release()
  for (const page of [first, second]) {
    expect(await results(page, 1)).toEqual(['stored: tabs.bin: Stored as upload/tabs.bin'])
  }
  expect(await hashOfObject('upload/tabs.bin')).toBe(hash)
  expect(received.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
})

test('a tab that is closed leaves its upload to the next', async () => {
  const { address, line: wire, hashOfObject } = await start()
  const path = join(shared.folder, 'heir.bin')
  const hash = await writeLargeFile(path, 12 * MIB)
  const first = await shared.open(address)
  const held = wire.holdAt(6 * MIB)
  await go(first, path)
  await held
  const second = await first.context().newPage()
  const watched = watchParts(second)
  await second.goto(address)
  await go(second, path)
  await line(second).getByText('Another tab uploads this file: waiting for it').waitFor()
  await first.close()
  wire.release()
  expect(await results(second, 1)).toEqual(['stored: heir.bin: Stored as upload/heir.bin'])
  expect(await hashOfObject('upload/heir.bin')).toBe(hash)
  expect(watched.sentAgain).toEqual([])
})

test('a bucket that does not show ETag is named, before the file has gone', async () => {
  const { exposeHeaders: _, ...hidden } = PARTS_RULE
  const { address, line: wire } = await start({ corsRule: hidden })
  const path = join(shared.folder, 'hidden.bin')
  await writeLargeFile(path, 16 * MIB)
  const page = await shared.open(address)
  await go(page, path)
  expect(await results(page, 1)).toEqual([
    'failed: hidden.bin: The bucket hides its answers from this page: tell its operator to expose the headers ETag and x-oss-hash-crc64ecma in its CORS rules.',
  ])
  expect(wire.sent).toBeLessThan(8 * MIB)
})

test('a bucket that lets pages post but not put is named', async () => {
  const { address } = await start({ corsRule: { ...PARTS_RULE, allowedMethods: ['POST'] } })
  const path = join(shared.folder, 'post-only.bin')
  await writeLargeFile(path, 10 * MIB)
  const page = await shared.open(address, { ignoreConsole: /CORS policy/ })
  await go(page, path)
  expect(await results(page, 1)).toEqual([
    'failed: post-only.bin: The bucket does not let this page send large files: tell its operator to allow GET, PUT, POST and DELETE from this address in its CORS rules.',
  ])
})

test('an upload that the bucket no longer knows begins anew', async () => {
  const { address, line: wire, oss, hashOfObject, unfinished } = await start()
  const path = join(shared.folder, 'stale.bin')
  const hash = await writeLargeFile(path, 12 * MIB)
  const page = await shared.open(address)
  const held = wire.holdAt(6 * MIB)
  await go(page, path)
  await held
  const uploads = oss.store.find('demo-bucket')?.uploads
  for (const { uploadId } of (await uploads?.list()) ?? []) {
    await uploads?.exclusively(uploadId, () => uploads.end(uploadId))
  }
  wire.release()
  expect(await results(page, 1)).toEqual(['stored: stale.bin: Stored as upload/stale.bin'])
  expect(await hashOfObject('upload/stale.bin')).toBe(hash)
  expect(await unfinished()).toBe(0)
})

test('with no more than oss:PutObject a reload goes on from what the page has noted', async () => {
  const { address, line: wire, hashOfObject } = await start({ actions: ['oss:PutObject'] })
  const path = join(shared.folder, 'modest.bin')
  const hash = await writeLargeFile(path, 16 * MIB)
  const page = await shared.open(address)
  const watched = watchParts(page)
  const held = wire.holdAt(10 * MIB)
  await go(page, path)
  await held
  await page.waitForTimeout(300)
  await page.reload()
  wire.release()
  expect(watched.finished.size).toBeGreaterThan(0)
  await go(page, path)
  expect(await results(page, 1)).toEqual(['stored: modest.bin: Stored as upload/modest.bin'])
  expect(await hashOfObject('upload/modest.bin')).toBe(hash)
  expect(watched.sentAgain).toEqual([])
})

test('a file that was changed in between is stored as it is now', async () => {
  const { address, line: wire, hashOfObject } = await start()
  const path = join(shared.folder, 'moving.bin')
  await writeLargeFile(path, 12 * MIB)
  const { utimes, open } = await import('node:fs/promises')
  const then = new Date('2026-01-01T00:00:00Z')
  await utimes(path, then, then)
  const page = await shared.open(address)
  const held = wire.holdAt(8 * MIB)
  await go(page, path)
  await held
  await page.waitForTimeout(300)
  await page.reload()
  wire.release()
  // The same name, length and time, but not the same bytes.
  const file = await open(path, 'r+')
  await file.write(Buffer.from('changed'), 0, 7, 100)
  await file.close()
  await utimes(path, then, then)
  await go(page, path)
  expect(await results(page, 1)).toEqual(['stored: moving.bin: Stored as upload/moving.bin'])
  expect(await hashOfObject('upload/moving.bin')).toBe(await hashOf(path))
})

test('cancelled or discarded, nothing is left in the bucket', async () => {
  const { address, line: wire, unfinished } = await start()
  const path = join(shared.folder, 'drop.bin')
  await writeLargeFile(path, 12 * MIB)
  const page = await shared.open(address)
  const held = wire.holdAt(6 * MIB)
  await go(page, path)
  await held
  await page.getByRole('button', { name: 'Pause: drop.bin' }).click()
  wire.release()
  expect(await unfinished()).toBe(1)
  await page.getByRole('button', { name: 'Remove drop.bin' }).click()
  expect(await results(page, 1)).toEqual(['cancelled: drop.bin: Cancelled'])
  await expect.poll(unfinished).toBe(0)
  expect(await page.evaluate(() => localStorage.length)).toBe(0)

  const again = wire.holdAt(wire.sent + 6 * MIB)
  await go(page, path)
  await again
  await page.reload()
  wire.release()
  await page.getByRole('button', { name: 'Discard: drop.bin' }).click()
  await page.locator('#unfinished').waitFor({ state: 'hidden' })
  await expect.poll(unfinished).toBe(0)
})

test('a name that is taken is offered to be kept beside', async () => {
  const { address, oss, hashOfObject, unfinished } = await start()
  const path = join(shared.folder, 'taken.bin')
  const hash = await writeLargeFile(path, 10 * MIB)
  const objects = oss.store.find('demo-bucket')?.objects
  const staged = await objects?.stage(
    (async function* () {
      yield Buffer.from('taken')
    })(),
  )
  if (staged) await objects?.put('upload/taken.bin', staged, { headers: {} })
  const page = await shared.open(address)
  await go(page, path)
  expect((await results(page, 1))[0]).toMatch(
    /^failed: taken.bin: A file of this name is stored already: keep both, or rename yours\./,
  )
  await page.getByRole('button', { name: 'Keep both: taken.bin' }).click()
  await line(page).getByText('Stored as').waitFor()
  const [said] = await results(page, 1)
  const key = /Stored as (upload\/taken \([0-9a-f]{8}\)\.bin)$/.exec(said ?? '')?.[1] ?? ''
  const { objectPath } = await import('../../app/oss/store/object-path.ts')
  expect(await hashOfObject(objectPath(key).join('/'))).toBe(hash)
  expect(await unfinished()).toBe(0)
})

test('small files go by form, beside large ones', async () => {
  const { address, received } = await start()
  const path = join(shared.folder, 'large.bin')
  await writeLargeFile(path, 5 * MIB)
  const small = join(shared.folder, 'small.bin')
  await writeLargeFile(small, 5 * MIB - 1)
  const page = await shared.open(address)
  await select(page, [path, small])
  await upload(page)
  expect((await results(page, 2)).sort()).toEqual([
    'stored: large.bin: Stored as upload/large.bin',
    'stored: small.bin: Stored as upload/small.bin',
  ])
  expect(received.sort()).toEqual([1, 2, 3, 4, 5])
})
