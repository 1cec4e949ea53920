import { appendFile, open, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hashOf } from './demo.ts'
import { writeLargeFile } from './large-file.ts'
import { go, largeVisits, lastLine, MIB } from './large-visit.ts'
import { results, select, upload } from './visit.ts'

const shared = largeVisits()

test('a file that was changed in between is stored as it is now', async () => {
  const demo = await shared.largeDemo()
  const { line, hashOfObject } = demo
  const visit = await shared.openWith(demo, 'moving.bin', 12 * MIB)
  const { page, path } = visit
  const then = new Date('2026-01-01T00:00:00Z')
  await utimes(path, then, then)
  const held = line.holdAt(8 * MIB)
  await go(visit)
  await held
  await page.waitForTimeout(300)
  await page.reload()
  line.release()
  // The same name, length and time, but not the same bytes.
  const file = await open(path, 'r+')
  await file.write(Buffer.from('changed'), 0, 7, 100)
  await file.close()
  await utimes(path, then, then)
  await go(visit)
  expect(await results(page, 1)).toEqual(['stored: moving.bin: Stored as upload/moving.bin'])
  expect(await hashOfObject('upload/moving.bin')).toBe(await hashOf(path))
})

test('changed on the disk while it is paused, a file is said to have changed', async () => {
  const demo = await shared.largeDemo()
  const { line, hashOfObject, unfinished } = demo
  const visit = await shared.heldAt(8 * MIB, demo, 'edited.bin', 12 * MIB)
  const { page, path } = visit
  await page.getByRole('button', { name: 'Pause: edited.bin' }).click()
  await lastLine(page).getByText('Paused', { exact: true }).waitFor()
  line.release()
  await appendFile(path, 'more')
  await page.getByRole('button', { name: 'Resume: edited.bin' }).click()
  expect(await results(page, 1)).toEqual([
    'failed: edited.bin: The file has changed since it was selected. Select it again.',
  ])
  // Selected again it is another file, and what was begun of the one before is there to discard.
  await page.reload()
  await go(visit)
  expect(await results(page, 1)).toEqual(['stored: edited.bin: Stored as upload/edited.bin'])
  expect(await hashOfObject('upload/edited.bin')).toBe(await hashOf(path))
  expect(await unfinished()).toBe(1)
  await page.getByRole('button', { name: 'Discard: edited.bin' }).click()
  await expect.poll(unfinished).toBe(0)
})

test('cancelled or discarded, nothing is left in the bucket', async () => {
  const demo = await shared.largeDemo()
  const { line, unfinished } = demo
  const visit = await shared.heldAt(6 * MIB, demo, 'drop.bin', 12 * MIB)
  const { page } = visit
  await page.getByRole('button', { name: 'Pause: drop.bin' }).click()
  line.release()
  expect(await unfinished()).toBe(1)
  await page.getByRole('button', { name: 'Remove drop.bin' }).click()
  expect(await results(page, 1)).toEqual(['cancelled: drop.bin: Cancelled'])
  await expect.poll(unfinished).toBe(0)
  expect(await page.evaluate(() => localStorage.length)).toBe(0)

  const again = line.holdAt(line.sent + 6 * MIB)
  await go(visit)
  await again
  await page.reload()
  line.release()
  await page.getByRole('button', { name: 'Discard: drop.bin' }).click()
  await page.locator('#unfinished').waitFor({ state: 'hidden' })
  await expect.poll(unfinished).toBe(0)
})

test('cancelled with parts on their way and chosen again at once, it is stored, and nothing else', async () => {
  const demo = await shared.largeDemo()
  const { line, hashOfObject, unfinished } = demo
  const visit = await shared.heldAt(6 * MIB, demo, 'again.bin', 12 * MIB)
  const { page, hash } = visit
  await page.getByRole('button', { name: 'Remove again.bin' }).click()
  await go(visit)
  line.release()
  await lastLine(page).getByText('Stored as upload/again.bin').waitFor()
  expect(await hashOfObject('upload/again.bin')).toBe(hash)
  await expect.poll(unfinished).toBe(0)
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
})

test('small files go by form, beside large ones', async () => {
  const demo = await shared.largeDemo()
  const { page, path } = await shared.openWith(demo, 'large.bin', 5 * MIB)
  const small = join(shared.folder, 'small.bin')
  await writeLargeFile(small, 5 * MIB - 1)
  await select(page, [path, small])
  await upload(page)
  expect((await results(page, 2)).sort()).toEqual([
    'stored: large.bin: Stored as upload/large.bin',
    'stored: small.bin: Stored as upload/small.bin',
  ])
  expect(demo.received.map(({ partNumber }) => partNumber).sort()).toEqual([1, 2, 3, 4, 5])
})
