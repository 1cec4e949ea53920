import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CLIENT_DIR } from '../../../app/client/build/build.ts'
import { buildClientIfChanged } from '../../../app/client/build/cached-build.ts'

const page = join(CLIENT_DIR, 'index.html')

test('builds the page once, and again when a built file is missing', async () => {
  expect(await buildClientIfChanged()).toBe(CLIENT_DIR)
  const { mtimeMs, ino } = await stat(page)
  expect(await buildClientIfChanged()).toBe(CLIENT_DIR)
  expect(await stat(page)).toMatchObject({ mtimeMs, ino })
  await rm(page)
  await buildClientIfChanged()
  expect((await stat(page)).mtimeMs).toBeGreaterThan(mtimeMs)
})
