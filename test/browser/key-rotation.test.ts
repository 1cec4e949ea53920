import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type LargeDemo, startLargeDemo } from './large-demo.ts'
import { writeLargeFile } from './large-file.ts'
import { MIB } from './large-file-fixture.ts'
import { results, select, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()
let demo: LargeDemo | undefined

afterEach(async () => {
  await demo?.close()
  demo = undefined
})

test('a key that is rotated while files are sent fails none, large or small', async () => {
  demo = await startLargeDemo(shared.clientDir, { rotates: true })
  const files: Record<string, string> = {}
  for (const [index, bytes] of [12 * MIB, ...Array(10).fill(300_000)].entries()) {
    const path = join(shared.folder, `file-${index}.bin`)
    files[path] = await writeLargeFile(path, bytes)
  }
  const page = await shared.openTab(demo.address)
  const held = demo.proxy.holdAt(3 * MIB)
  await select(page, Object.keys(files))
  await upload(page)
  await held
  demo.rotateKey()
  demo.proxy.release()
  const lines = await results(page, 11)
  expect(lines.filter((line) => !line.startsWith('stored: '))).toEqual([])
  for (const [index, hash] of Object.values(files).entries()) {
    expect(await demo.hashOfObject(`upload/file-${index}.bin`)).toBe(hash)
  }
})
