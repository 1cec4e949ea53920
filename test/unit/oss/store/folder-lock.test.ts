import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FolderInUseError, lockFolder } from '../../../../app/oss/store/folder-lock.ts'

let root: string
let lock: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lock-'))
  lock = join(root, '.oss', 'lock')
})

afterEach(() => rm(root, { recursive: true }))

test('a folder is served once at a time, and again after it was given back', async () => {
  const giveBack = await lockFolder(root)
  expect(await readFile(lock, 'utf8')).toBe(String(process.pid))
  await expect(lockFolder(root)).rejects.toThrow(
    `The folder ${root} is already served by process ${process.pid}. Choose another folder, or ` +
      `stop that process. If no process serves the folder, remove ${lock}`,
  )
  await giveBack()
  await giveBack()
  expect(await readdir(join(root, '.oss'))).toEqual([])
  await (await lockFolder(root))()
})

test('of many that want it at once one gets it', async () => {
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(root)))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(FolderInUseError)
    else await result.value()
  }
})

test('a process that runs keeps it, one that was killed does not', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(other, 'spawn')
  await (await lockFolder(root))()
  await writeFile(lock, String(other.pid))
  await expect(lockFolder(root)).rejects.toThrow(`served by process ${other.pid}`)
  other.kill('SIGKILL')
  await once(other, 'exit')
  await (await lockFolder(root))()
})

test.each(['', 'no number', '0', String(process.pid)])(
  'a lock that says "%s" and that nobody holds counts for nothing',
  async (owner) => {
    await (await lockFolder(root))()
    await writeFile(lock, owner)
    await (await lockFolder(root))()
    expect(await readdir(join(root, '.oss'))).toEqual([])
  },
)
