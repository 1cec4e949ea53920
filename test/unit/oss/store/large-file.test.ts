import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Crc64 } from '../../../../app/crc64/crc64.ts'
import { stageFile, TooLargeError } from '../../../../app/oss/store/staged-file.ts'

const MIB = 1024 ** 2
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'large-'))
})

afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

/** Bytes that differ from place to place. */
function bytesOf(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at + 4 <= size; at += 4)
    bytes.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at)
  return bytes
}

/** In chunks that have their memory to themselves, as they come from a connection. */
async function* chunksOf(bytes: Buffer, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) {
    yield new Uint8Array(bytes.subarray(at, at + length))
  }
}

function digestsOf(bytes: Buffer) {
  const crc = new Crc64()
  crc.update(bytes)
  const md5 = createHash('md5').update(bytes).digest('hex').toUpperCase()
  return { size: bytes.length, md5, crc64: crc.digest() }
}

test.each([
  ['nothing', 0, 65_536],
  ['a byte', 1, 65_536],
  ['a block', MIB, 65_536],
  ['a block and a byte', MIB + 1, 65_536],
  ['as many blocks as are held', 3 * MIB, MIB],
  ['chunks that no block ends with', 9 * MIB + 123, 65_521],
  ['chunks that are larger than all blocks', 11 * MIB + 5, 4 * MIB + 3],
])('%s is on the disk as it came, and hashed', async (_what, size, length) => {
  const bytes = bytesOf(size)
  const staged = await stageFile(folder, chunksOf(bytes, length))
  expect(staged).toMatchObject(digestsOf(bytes))
  expect((await readFile(staged.path)).equals(bytes)).toBe(true)
  await staged.discard()
  expect(await readdir(folder)).toEqual([])
})

test('files that come at the same time do not mix', async () => {
  const files = [5 * MIB, 6 * MIB + 1, 4 * MIB + 7, 300].map(bytesOf)
  const staged = await Promise.all(files.map((bytes) => stageFile(folder, chunksOf(bytes, 65_536))))
  expect(staged).toMatchObject(files.map(digestsOf))
})

test('memory that a chunk has to itself is given back, other memory is left alone', async () => {
  const chunks = Array.from({ length: 40 }, () => new Uint8Array(65_536).fill(7))
  const shared = new Uint8Array(2 * MIB).fill(8)
  await stageFile(
    folder,
    (async function* () {
      yield* chunks
      yield shared.subarray(0, MIB)
    })(),
  )
  expect(chunks.at(-1)?.length).toBe(0)
  expect(shared).toHaveLength(2 * MIB)
})

test('what breaks off, or grows too large, leaves nothing', async () => {
  const broken = (async function* () {
    yield* chunksOf(bytesOf(4 * MIB), 65_536)
    throw new Error('cut')
  })()
  await expect(stageFile(folder, broken)).rejects.toThrow('cut')
  const large = stageFile(folder, chunksOf(bytesOf(4 * MIB), 65_536), 3 * MIB)
  await expect(large).rejects.toThrow(new TooLargeError(3 * MIB))
  expect(await readdir(folder)).toEqual([])
  const bytes = bytesOf(2 * MIB)
  expect(await stageFile(folder, chunksOf(bytes, MIB))).toMatchObject(digestsOf(bytes))
})

test('a file whose staging thread has ended fails, the next one has a new thread', async () => {
  const started = vi.spyOn(Worker.prototype, 'postMessage')
  const source = (async function* () {
    yield* chunksOf(bytesOf(2 * MIB), 65_536)
    const worker = started.mock.contexts[0] as Worker
    worker.emit('error', new Error('out of memory'))
    await worker.terminate()
    yield* chunksOf(bytesOf(4 * MIB), 65_536)
  })()
  await expect(stageFile(folder, source)).rejects.toThrow(
    /^(out of memory|The staging thread has ended)$/,
  )
  expect(await readdir(folder)).toEqual([])
  const bytes = bytesOf(5 * MIB)
  expect(await stageFile(folder, chunksOf(bytes, MIB))).toMatchObject(digestsOf(bytes))
})
