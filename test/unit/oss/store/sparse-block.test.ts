import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MultipartStore } from '../../../../app/oss/store/multipart-store.ts'
import { isEmptyBlock } from '../../../../app/oss/store/sparse-block.ts'
import { type StagedFile, stageFile } from '../../../../app/oss/store/staged-file.ts'

const MIB = 1024 ** 2
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparse-'))
})

afterEach(() => rm(folder, { recursive: true }))

/** Zero bytes, but for one at each of these places. */
function emptyBut(size: number, places: readonly number[]): Buffer {
  const bytes = Buffer.alloc(size)
  for (const place of places) bytes[place] = 7
  return bytes
}

function stage(bytes: Buffer): Promise<StagedFile> {
  return stageFile(
    folder,
    (async function* () {
      for (let at = 0; at < bytes.length; at += 65_536) {
        yield new Uint8Array(bytes.subarray(at, at + 65_536))
      }
    })(),
  )
}

test.each([
  [0, [], true],
  [1, [], true],
  [1, [0], false],
  [65_536, [65_535], false],
  [200_000, [], true],
  [200_000, [199_999], false],
])('%i bytes with something at %j: empty is %s', (size, places, isEmpty) => {
  expect(isEmptyBlock(emptyBut(size, places))).toBe(isEmpty)
})

test.each([
  ['at the beginning', [9 * MIB]],
  ['in the middle', [0, 10 * MIB - 1]],
  ['at the end', [0]],
  ['everywhere', []],
])('what is empty %s takes no room on the disk, and reads as it came', async (_where, places) => {
  const bytes = emptyBut(10 * MIB, places)
  const { path, size } = await stage(bytes)
  expect(size).toBe(bytes.length)
  expect((await readFile(path)).equals(bytes)).toBe(true)
  // In blocks of 512 bytes, whatever the file system's own are.
  expect((await stat(path)).blocks * 512).toBeLessThanOrEqual((places.length + 0.5) * MIB)
})

test('the holes of parts are those of the object that is made of them', async () => {
  const uploads = new MultipartStore(join(folder, 'uploads'))
  const initiated = new Date().toISOString()
  const begun = { key: 'k', initiated, headers: {}, forbidOverwrite: false }
  const { uploadId } = await uploads.initiate(begun)
  // Over 64 MiB, so that some is safe on the disk before the rest is appended; the last is a hole.
  const contents = [[0], [], [40 * MIB - 1], []].map((places) => emptyBut(40 * MIB, places))
  const parts = []
  for (const [i, content] of contents.entries()) {
    parts.push(await uploads.putPart(uploadId, i + 1, await stage(content)))
  }
  const whole = await uploads.assemble(uploadId, parts)
  expect(whole?.size).toBe(160 * MIB)
  expect((await readFile(whole?.path ?? '')).equals(Buffer.concat(contents))).toBe(true)
  expect((await stat(whole?.path ?? '')).blocks * 512).toBeLessThan(12 * MIB)
})
