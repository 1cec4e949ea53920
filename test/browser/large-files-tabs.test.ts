import { expect, test } from 'vitest'
import { largeFileFixture, lastTransfer, MIB, uploadFile } from './large-file-fixture.ts'
import { results } from './page-actions.ts'
import { watchParts } from './watch-parts.ts'

const shared = largeFileFixture()

test('of two tabs with the same file one uploads it, and both show the result', async () => {
  const demo = await shared.largeDemo()
  const { address, proxy, received, hashOfObject } = demo
  const { page: first, path, hash } = await shared.uploadUntil(4 * MIB, demo, 'tabs.bin', 12 * MIB)
  const second = await first.context().newPage()
  await second.goto(address)
  await uploadFile({ page: second, path })
  await lastTransfer(second)
    .getByText('Another tab is uploading this file: waiting for it')
    .waitFor()
  proxy.release()
  for (const page of [first, second]) {
    expect(await results(page, 1)).toEqual(['stored: tabs.bin: Stored as upload/tabs.bin'])
  }
  expect(await hashOfObject('upload/tabs.bin')).toBe(hash)
  const numbers = received.map(({ partNumber }) => partNumber)
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
})

test('another tab resumes the upload of a tab that is closed', async () => {
  const demo = await shared.largeDemo()
  const { address, proxy, hashOfObject } = demo
  const { page: first, path, hash } = await shared.uploadUntil(6 * MIB, demo, 'heir.bin', 12 * MIB)
  const second = await first.context().newPage()
  const watched = watchParts(second)
  await second.goto(address)
  await uploadFile({ page: second, path })
  await lastTransfer(second)
    .getByText('Another tab is uploading this file: waiting for it')
    .waitFor()
  await first.close()
  proxy.release()
  expect(await results(second, 1)).toEqual(['stored: heir.bin: Stored as upload/heir.bin'])
  expect(await hashOfObject('upload/heir.bin')).toBe(hash)
  expect(watched.sentAgain).toEqual([])
})
