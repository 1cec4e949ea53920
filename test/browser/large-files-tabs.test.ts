import { expect, test } from 'vitest'
import { go, largeVisits, lastLine, MIB } from './large-visit.ts'
import { results } from './visit.ts'
import { watchParts } from './watch-parts.ts'

const shared = largeVisits()

test('two tabs with the same file: one uploads it, both tell of it', async () => {
  const demo = await shared.largeDemo()
  const { address, line, received, hashOfObject } = demo
  const { page: first, path, hash } = await shared.heldAt(4 * MIB, demo, 'tabs.bin', 12 * MIB)
  const second = await first.context().newPage()
  await second.goto(address)
  await go({ page: second, path })
  await lastLine(second).getByText('Another tab is uploading this file: waiting for it').waitFor()
  line.release()
  for (const page of [first, second]) {
    expect(await results(page, 1)).toEqual(['stored: tabs.bin: Stored as upload/tabs.bin'])
  }
  expect(await hashOfObject('upload/tabs.bin')).toBe(hash)
  const numbers = received.map(({ partNumber }) => partNumber)
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
})

test('a tab that is closed leaves its upload to the next', async () => {
  const demo = await shared.largeDemo()
  const { address, line, hashOfObject } = demo
  const { page: first, path, hash } = await shared.heldAt(6 * MIB, demo, 'heir.bin', 12 * MIB)
  const second = await first.context().newPage()
  const watched = watchParts(second)
  await second.goto(address)
  await go({ page: second, path })
  await lastLine(second).getByText('Another tab is uploading this file: waiting for it').waitFor()
  await first.close()
  line.release()
  expect(await results(second, 1)).toEqual(['stored: heir.bin: Stored as upload/heir.bin'])
  expect(await hashOfObject('upload/heir.bin')).toBe(hash)
  expect(watched.sentAgain).toEqual([])
})
