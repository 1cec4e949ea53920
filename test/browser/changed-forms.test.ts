import { open, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeLargeFile } from './large-file.ts'
import { MIB } from './large-file-fixture.ts'
import { results, select, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()
const BYTES = 48 * MIB

const CHANGED = 'The file has changed since it was selected. Select it again.'
const MIXED =
  'The file was changed or deleted while it was being sent, so what the bucket has may be neither version of it, and this page cannot delete it. Select the file again. Stored as upload/film.mp4'

async function overwrite(path: string): Promise<void> {
  const file = await open(path, 'r+')
  for (const at of [0, BYTES / 2, BYTES - 16]) await file.write(Buffer.alloc(16, 'x'), 0, 16, at)
  await file.close()
}

test.each([
  { exposes: true, title: 'the bucket tells its checksum' },
  { exposes: false, title: 'the bucket hides its checksum' },
])('a file that is overwritten while it is sent as a form fails, where $title', async (given) => {
  const demo = await shared.demo({ proxy: true, exposesChecksum: given.exposes })
  const page = await shared.openTab(demo.address)
  const path = join(shared.folder, 'film.mp4')
  await writeLargeFile(path, BYTES)
  const held = demo.proxy?.holdAt(2 * MIB)
  await select(page, [path])
  await upload(page)
  await held
  await overwrite(path)
  demo.proxy?.release()
  const [result] = await results(page, 1)
  const objects = Object.keys(await demo.stored())
  expect(result).toBe(`failed: film.mp4: ${objects.length === 0 ? CHANGED : MIXED}`)
})

test.each([
  {
    change: 'becomes shorter',
    apply: (path: string) => truncate(path, 16 * MIB),
    exposes: false,
    text: /^failed: film\.mp4: The file has changed since it was selected\. Select it again\.$/,
  },
  {
    change: 'is deleted',
    apply: (path: string) => rm(path),
    exposes: true,
    text: /^(failed: film\.mp4: The file was moved or deleted after it was selected\. Select it again\.|stored: film\.mp4: Stored as upload\/film\.mp4)$/,
  },
])('a file that $change while it is sent as a form ends in a true sentence', async (given) => {
  const demo = await shared.demo({ proxy: true, exposesChecksum: given.exposes })
  const page = await shared.openTab(demo.address)
  const path = join(shared.folder, 'film.mp4')
  const hash = await writeLargeFile(path, BYTES)
  const held = demo.proxy?.holdAt(2 * MIB)
  await select(page, [path])
  await upload(page)
  await held
  await given.apply(path)
  demo.proxy?.release()
  const [result = ''] = await results(page, 1)
  expect(result).toMatch(given.text)
  const isStored = result.startsWith('stored')
  expect(await demo.stored()).toEqual(isStored ? { 'upload/film.mp4': hash } : {})
})
