import { execFile } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Crc64 } from '../../app/oss/store/crc64.ts'
import { combineCrc64 } from '../../app/oss/store/crc64-combine.ts'
import { type Embedded, startEmbedded } from './embedded-large.ts'

const MIB = 1024 * 1024
// More than a form can carry.
const SIZE = 6 * 1024 * MIB
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

/** CRC-64 of so many zero bytes, without reading them. */
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

test('a sparse file of 6 GiB goes through the page’s own code in Node, memory flat', async () => {
  const path = join(folder, 'large.bin')
  const file = await open(path, 'w')
  await file.truncate(SIZE)
  await file.write(MARK, 0, MARK.length, SIZE - MARK.length)
  await file.close()
  const script = fileURLToPath(new URL('./upload-in-node.ts', import.meta.url))
  const args = [script, embedded.serverUrl, path]
  const before = process.memoryUsage.rss()
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 50)
  const { stdout } = await promisify(execFile)(process.execPath, args)
  clearInterval(watch)
  const result = JSON.parse(stdout)
  console.log(
    `${SIZE / MIB} MiB in ${result.seconds.toFixed(1)} s;`,
    `client from ${Math.round(result.start / MIB)} to ${Math.round(result.most / MIB)} MiB,`,
    `bucket and server from ${Math.round(before / MIB)} to ${Math.round(most / MIB)} MiB`,
  )
  expect(result).toMatchObject({ key: 'upload/large.bin', status: 200, reply: '' })
  const mark = new Crc64()
  mark.update(MARK)
  const crc64 = combineCrc64(crcOfZeros(SIZE - MARK.length), mark.digest(), MARK.length)
  const meta = await embedded.oss.store.find('large-bucket')?.objects.head('upload/large.bin')
  expect([meta?.size, meta?.crc64]).toEqual([SIZE, String(crc64)])
  // Four parts of 8 MiB at a time, in as many copies as a request makes; not a matter of the file.
  expect(result.most - result.start).toBeLessThan(400 * MIB)
  expect(most - before).toBeLessThan(400 * MIB)
})
