import { appendFile, open, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hashOf } from './demo.ts'
import { writeLargeFile } from './large-file.ts'
import { largeFileFixture, lastTransfer, MIB, uploadFile } from './large-file-fixture.ts'
import { results, select, upload } from './page-actions.ts'

const shared = largeFileFixture()

test('a file that changed between two visits is stored as it is now', async () => {
  const demo = await shared.largeDemo()
  const { proxy, hashOfObject } = demo
  const opened = await shared.openWithFile(demo, 'moving.bin', 12 * MIB)
  const { page, path } = opened
  const then = new Date('2026-01-01T00:00:00Z')
  await utimes(path, then, then)
  const held = proxy.holdAt(8 * MIB)
  await uploadFile(opened)
  await held
  await page.waitForTimeout(300)
  await page.reload()
  proxy.release()
  // Same name, size and modification time, but other bytes.
  const file = await open(path, 'r+')
  await file.write(Buffer.from('changed'), 0, 7, 100)
  await file.close()
  await utimes(path, then, then)
  await uploadFile(opened)
  expect(await results(page, 1)).toEqual(['stored: moving.bin: Stored as upload/moving.bin'])
  expect(await hashOfObject('upload/moving.bin')).toBe(await hashOf(path))
})

test('a file that changes while it is paused fails', async () => {
  const demo = await shared.largeDemo()
  const { proxy, hashOfObject, unfinished } = demo
  const opened = await shared.uploadUntil(8 * MIB, demo, 'edited.bin', 12 * MIB)
  const { page, path } = opened
  await page.getByRole('button', { name: 'Pause: edited.bin' }).click()
  await lastTransfer(page).getByText('Paused', { exact: true }).waitFor()
  proxy.release()
  await appendFile(path, 'more')
  await page.getByRole('button', { name: 'Resume: edited.bin' }).click()
  expect(await results(page, 1)).toEqual([
    'failed: edited.bin: The file has changed since it was selected. Select it again.',
  ])
  // It is another file now; the upload of the earlier one can be discarded.
  await page.reload()
  await uploadFile(opened)
  expect(await results(page, 1)).toEqual(['stored: edited.bin: Stored as upload/edited.bin'])
  expect(await hashOfObject('upload/edited.bin')).toBe(await hashOf(path))
  expect(await unfinished()).toBe(1)
  await page.getByRole('button', { name: 'Discard: edited.bin' }).click()
  await expect.poll(unfinished).toBe(0)
})

test('a file that is overwritten while it is paused fails', async () => {
  const demo = await shared.largeDemo()
  const { page, path } = await shared.uploadUntil(8 * MIB, demo, 'rewritten.bin', 12 * MIB)
  await page.getByRole('button', { name: 'Pause: rewritten.bin' }).click()
  await lastTransfer(page).getByText('Paused', { exact: true }).waitFor()
  demo.proxy.release()
  const file = await open(path, 'r+')
  for (let part = 0; part < 12; part += 1)
    await file.write(Buffer.from('changed'), 0, 7, part * MIB)
  await file.close()
  await page.getByRole('button', { name: 'Resume: rewritten.bin' }).click()
  expect(await results(page, 1)).toEqual([
    'failed: rewritten.bin: The file has changed since it was selected. Select it again.',
  ])
  expect(await demo.hashOfObject('upload/rewritten.bin')).toBeUndefined()
})

test('a cancelled or discarded upload leaves nothing in the bucket', async () => {
  const demo = await shared.largeDemo()
  const { proxy, unfinished } = demo
  const opened = await shared.uploadUntil(6 * MIB, demo, 'drop.bin', 12 * MIB)
  const { page } = opened
  await page.getByRole('button', { name: 'Pause: drop.bin' }).click()
  proxy.release()
  expect(await unfinished()).toBe(1)
  await page.getByRole('button', { name: 'Cancel: drop.bin' }).click()
  expect(await results(page, 1)).toEqual(['cancelled: drop.bin: Cancelled'])
  await expect.poll(unfinished).toBe(0)
  expect(await page.evaluate(() => localStorage.length)).toBe(0)

  const again = proxy.holdAt(proxy.sent + 6 * MIB)
  await uploadFile(opened)
  await again
  await page.reload()
  proxy.release()
  await page.getByRole('button', { name: 'Discard: drop.bin' }).click()
  await page.locator('#unfinished').waitFor({ state: 'hidden' })
  await expect.poll(unfinished).toBe(0)
})

test('a file that is cancelled and selected again at once is stored once', async () => {
  const demo = await shared.largeDemo()
  const { proxy, hashOfObject, unfinished } = demo
  const opened = await shared.uploadUntil(6 * MIB, demo, 'again.bin', 12 * MIB)
  const { page, hash } = opened
  await page.getByRole('button', { name: 'Cancel: again.bin' }).click()
  await uploadFile(opened)
  proxy.release()
  await lastTransfer(page).getByText('Stored as upload/again.bin').waitFor()
  expect(await hashOfObject('upload/again.bin')).toBe(hash)
  await expect.poll(unfinished).toBe(0)
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
})

test('small files go as forms, large ones in parts', async () => {
  const demo = await shared.largeDemo()
  const { page, path } = await shared.openWithFile(demo, 'large.bin', 5 * MIB)
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
