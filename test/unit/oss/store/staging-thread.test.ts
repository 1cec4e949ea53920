import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { digestOf, type WrittenFile } from '../../../../app/oss/store/digest.ts'
import { BLOCK_BYTES } from '../../../../app/oss/store/staging-request.ts'
import { stagingThread } from '../../../../app/oss/store/staging-thread.ts'

const FILE = randomBytes(64 * 1024)
const folder = mkdtempSync(join(tmpdir(), 'staging-thread-'))
let files = 0
const newPath = (): string => join(folder, `${files++}`)
const write = (bytes: Buffer, path = newPath()): Promise<WrittenFile> | undefined =>
  stagingThread.write(path, [bytes], bytes.length)

describe('the thread that stages files', () => {
  // It is started by the first file, which does not wait for it.
  beforeAll(async () => {
    expect(write(FILE)).toBeUndefined()
    for (let written = write(FILE); written === undefined; written = write(FILE)) await delay(5)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each([
    { size: 32 * 1024, chunks: 1 },
    { size: 64 * 1024 + 1, chunks: 3 },
    { size: BLOCK_BYTES - 1, chunks: 17 },
    { size: BLOCK_BYTES, chunks: 1 },
  ])(
    'writes $size bytes in $chunks chunks, and has inode and checksums',
    async ({ size, chunks }) => {
      const bytes = randomBytes(size)
      const step = Math.ceil(size / chunks)
      const pieces = Array.from({ length: chunks }, (_, n) =>
        bytes.subarray(n * step, (n + 1) * step),
      )
      const path = newPath()
      expect(await stagingThread.write(path, pieces, size)).toEqual({
        inode: statSync(path).ino,
        md5: createHash('md5').update(bytes).digest('hex').toUpperCase(),
        crc64: digestOf([bytes]).crc64,
      })
      expect(readFileSync(path).equals(bytes)).toBe(true)
    },
  )

  test('a tiny file is left to whoever has it', () => {
    const path = newPath()
    expect(write(FILE.subarray(0, 32 * 1024 - 1), path)).toBeUndefined()
    expect(readdirSync(folder)).not.toContain(path)
  })

  test('takes eight files at a time, and others once one of them is done', async () => {
    const all = Array.from({ length: 9 }, () => randomBytes(64 * 1024))
    const asked = all.map((bytes) => write(bytes))
    expect(asked.map((answer) => answer !== undefined)).toEqual([...Array(8).fill(true), false])
    const answers = await Promise.all(asked)
    expect(answers.pop()).toBeUndefined()
    expect(answers).toMatchObject(all.slice(0, 8).map((bytes) => digestOf([bytes])))
    expect(new Set(answers.map((answer) => answer?.inode)).size).toBe(8)
    expect(await write(FILE)).toMatchObject(digestOf([FILE]))
  })

  test('while it has a piece of a large file to hash, small ones are left to whoever has them', async () => {
    const large = stagingThread.md5()
    const block = stagingThread.takeBlock()
    block.set(randomBytes(BLOCK_BYTES))
    const small = write(FILE)
    const pieces = [large.update(block), large.update(block.subarray(0, 5))]
    expect(write(FILE)).toBeUndefined()
    await Promise.all(pieces)
    expect(await small).toMatchObject(digestOf([FILE]))
    const expected = createHash('md5').update(block).update(block.subarray(0, 5)).digest('hex')
    expect(await large.end()).toBe(expected.toUpperCase())
    expect(await write(FILE)).toMatchObject(digestOf([FILE]))
    stagingThread.giveBlock(block)
  })

  test('tells why a file cannot be written, and goes on', async () => {
    const path = join(folder, 'no-such-folder', 'file')
    await expect(write(FILE, path)).rejects.toMatchObject({
      code: 'ENOENT',
      message: `ENOENT: no such file or directory, open '${path}'`,
    })
    const taken = newPath()
    await write(FILE, taken)
    await expect(write(FILE, taken)).rejects.toMatchObject({ code: 'EEXIST' })
    expect(await write(FILE)).toMatchObject(digestOf([FILE]))
  })
})
