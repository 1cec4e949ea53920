import { execFile } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { combineCrc64 } from '../../app/crc64/combine.ts'
import { Crc64 } from '../../app/crc64/crc64.ts'
import { type Embedded, startEmbedded } from './embedded-large.ts'
import { watchMemory } from './memory-watch.ts'

const MIB = 1024 * 1024
/** Larger than a form can be. */
const SIZE = 6 * 1024 * MIB
/** One for each GiB. */
const INTERVALS = 6
const MARK = Buffer.from('not all of it is empty')

let folder: string
let embedded: Embedded

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sparse-'))
  embedded = await startEmbedded(join(folder, 'oss'))
})

afterEach(async () => {
  await embedded.close()
  await rm(folder, { recursive: true })
})

/** Returns the CRC-64 of zero bytes without processing each. */
function crcOfZeros(bytes: number): bigint {
  const one = new Crc64()
  one.update(Buffer.alloc(1))
  let [crc, size] = [one.digest(), 1]
  let [result, done] = [0n, 0]
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      result = combineCrc64(result, crc, size)
      done += size
    }
    crc = combineCrc64(crc, crc, size)
    size *= 2
  }
  expect(done).toBe(bytes)
  return result
}

test('the page’s uploader uploads a sparse file of 6 GiB in Node with constant memory', async () => {
  const path = join(folder, 'large.bin')
  const file = await open(path, 'w')
  await file.truncate(SIZE)
  await file.write(MARK, 0, MARK.length, SIZE - MARK.length)
  await file.close()
  const script = fileURLToPath(new URL('./upload-in-node.ts', import.meta.url))
  const args = [script, embedded.serverUrl, path, String(INTERVALS)]
  const memory = watchMemory()
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const bucket = memory.peaks(INTERVALS)
  const { seconds, start, peaks, ...result } = JSON.parse(stdout)
  console.log(
    `${SIZE / MIB} MiB in ${seconds.toFixed(1)} s; MiB of memory in each sixth:`,
    `client ${inMib([start, ...peaks])}, bucket and server ${inMib([memory.start, ...bucket])}`,
  )
  expect(result).toEqual({ key: 'upload/large.bin', status: 200, callbackReply: '' })
  const mark = new Crc64()
  mark.update(MARK)
  const crc64 = combineCrc64(crcOfZeros(SIZE - MARK.length), mark.digest(), MARK.length)
  const meta = await embedded.oss.store.find('large-bucket')?.objects.head('upload/large.bin')
  expect([meta?.size, meta?.crc64]).toEqual([SIZE, String(crc64)])
  // The second half takes no more than the first.
  for (const intervals of [peaks, bucket]) {
    const [first, second] = [intervals.slice(0, 3), intervals.slice(3)]
    expect(Math.max(...second)).toBeLessThan(Math.max(...first) + 100 * MIB)
  }
  expect(Math.max(...peaks) - start).toBeLessThan(200 * MIB)
  expect(Math.max(...bucket) - memory.start).toBeLessThan(600 * MIB)
})

const inMib = (bytes: readonly number[]): string =>
  bytes.map((each) => Math.round(each / MIB)).join(' ')
