import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MultipartStore } from '../../../../app/oss/store/multipart-store.ts'
import { stageFile } from '../../../../app/oss/store/staged-file.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uploads-'))
})

afterEach(() => rm(folder, { recursive: true }))

test('parts that are replaced while they are listed are there, once each', async () => {
  const uploads = new MultipartStore(join(folder, 'uploads'))
  const initiated = new Date().toISOString()
  const begun = { key: 'k', initiated, headers: {}, forbidOverwrite: false }
  const { uploadId } = await uploads.initiate(begun)
  const put = async (partNumber: number, byte: number): Promise<void> => {
    const source = async function* () {
      yield Uint8Array.of(byte)
    }
    await uploads.putPart(uploadId, partNumber, await stageFile(folder, source()))
  }
  for (const number of [1, 2, 3]) await put(number, 0)
  let isOver = false
  const replacing = (async () => {
    for (let round = 1; round <= 60; round += 1) {
      for (const number of [1, 2, 3]) await put(number, round)
    }
    isOver = true
  })()
  let listings = 0
  while (!isOver) {
    const parts = await uploads.parts(uploadId)
    expect(parts.map(({ partNumber }) => partNumber)).toEqual([1, 2, 3])
    listings += 1
  }
  await replacing
  expect(listings).toBeGreaterThan(20)
})
