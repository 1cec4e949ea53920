import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Digest, digestOf } from '../../../app/oss/store/digest.ts'
import { BLOCK_BYTES, hashThread } from '../../../app/oss/store/hash-thread.ts'

const FILE = randomBytes(64 * 1024)

describe('the thread that hashes', () => {
  // It is started by the first file, which does not wait for it.
  beforeAll(async () => {
    expect(hashThread.digest([FILE], FILE.length)).toBeUndefined()
    while (hashThread.digest([FILE], FILE.length) === undefined) await delay(5)
  })

  test.each([
    { size: 32 * 1024, chunks: 1 },
    { size: 64 * 1024 + 1, chunks: 3 },
    { size: BLOCK_BYTES - 1, chunks: 17 },
    { size: BLOCK_BYTES, chunks: 1 },
  ])('has both checksums of $size bytes in $chunks chunks', async ({ size, chunks }) => {
    const bytes = randomBytes(size)
    const step = Math.ceil(size / chunks)
    const pieces = Array.from({ length: chunks }, (_, n) =>
      bytes.subarray(n * step, (n + 1) * step),
    )
    expect(await hashThread.digest(pieces, size)).toEqual({
      md5: createHash('md5').update(bytes).digest('hex').toUpperCase(),
      crc64: digestOf([bytes]).crc64,
    })
  })

  test('a tiny file is left to whoever has it', () => {
    expect(hashThread.digest([FILE.subarray(0, 32 * 1024 - 1)], 32 * 1024 - 1)).toBeUndefined()
  })

  test('takes eight files at a time, and others once one of them is done', async () => {
    const files = Array.from({ length: 9 }, () => randomBytes(64 * 1024))
    const asked = files.map((file) => hashThread.digest([file], file.length))
    expect(asked.map((answer) => answer !== undefined)).toEqual([...Array(8).fill(true), false])
    const expected: (Digest | undefined)[] = files.map((file) => digestOf([file]))
    expect(await Promise.all(asked)).toEqual([...expected.slice(0, 8), undefined])
    expect(await hashThread.digest([FILE], FILE.length)).toEqual(digestOf([FILE]))
  })

  test('keeps the pieces of a large file and small files apart', async () => {
    const large = hashThread.begin()
    const block = hashThread.takeBlock()
    block.set(randomBytes(BLOCK_BYTES))
    const expected = createHash('md5').update(block).update(block.subarray(0, 5)).digest('hex')
    const first = large.update(block)
    const small = hashThread.digest([FILE], FILE.length)
    const second = large.update(block.subarray(0, 5))
    await Promise.all([first, second])
    expect(await small).toEqual(digestOf([FILE]))
    expect(await large.end()).toBe(expected.toUpperCase())
    hashThread.giveBlock(block)
  })
})
