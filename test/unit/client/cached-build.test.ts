import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CLIENT_DIR } from '../../../app/client/build/build.ts'
import { currentClient } from '../../../app/client/build/cached-build.ts'

const page = join(CLIENT_DIR, 'index.html')

test('the page is built once, and again when what was built is gone', async () => {
  expect(await currentClient()).toBe(CLIENT_DIR)
  const { mtimeMs, ino } = await stat(page)
  expect(await currentClient()).toBe(CLIENT_DIR)
  expect(await stat(page)).toMatchObject({ mtimeMs, ino })
  await rm(page)
  await currentClient()
  expect((await stat(page)).mtimeMs).toBeGreaterThan(mtimeMs)
})
