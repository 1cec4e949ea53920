import { mkdtemp, readdir, readFile, rm, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Crc64 } from '../../../../app/crc64/crc64.ts'
import { BucketStore } from '../../../../app/oss/store/bucket-store.ts'

let root: string
let store: BucketStore

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'store-'))
  store = await BucketStore.open(root, 'photos')
})

afterEach(async () => {
  await rm(root, { recursive: true })
})

async function put(key: string, content: string, forbidOverwrite = false) {
  const staged = await store.stage(Readable.from([Buffer.from(content)]))
  const now = new Date(0)
  try {
    return await store.put(key, staged, { headers: {}, forbidOverwrite, now })
  } finally {
    await staged.discard()
  }
}

async function content(key: string): Promise<string | undefined> {
  const found = await store.open(key)
  return found && text(found.stream())
}

const staged = () => readdir(join(root, '.oss', 'staging', 'photos'))

describe('objects', () => {
  test('an ordinary key is a readable path with its checksums', async () => {
    expect(await put('upload/photo.jpg', '123456789')).toEqual({
      key: 'upload/photo.jpg',
      size: 9,
      etag: '25F9E794323B453885F5181F1B624D0B',
      crc64: '11051210869376104954',
      lastModified: '1970-01-01T00:00:00.000Z',
      type: 'Normal',
      headers: {},
      storageClass: 'Standard',
      acl: 'default',
    })
    expect(await readFile(join(root, 'photos/upload/photo.jpg'), 'utf8')).toBe('123456789')
    expect(await staged()).toEqual([])
  })

  test('a second opening finds them; what was half uploaded is gone', async () => {
    await put('a.txt', 'one')
    await store.stage(Readable.from([Buffer.from('never ended')]))
    expect(await staged()).toHaveLength(1)
    store = await BucketStore.open(root, 'photos')
    expect(await staged()).toEqual([])
    expect(await content('a.txt')).toBe('one')
  })

  test('of two that forbid overwriting, one wins', async () => {
    const contents = ['one', 'two']
    const results = await Promise.allSettled(contents.map((each) => put('a.txt', each, true)))
    const winner = results.findIndex((result) => result.status === 'fulfilled')
    const loser = results[1 - winner]
    expect(loser?.status === 'rejected' && String(loser.reason)).toBe(
      'ObjectExistsError: The object "a.txt" already exists',
    )
    expect(await content('a.txt')).toBe(contents[winner])
    await expect(put('a.txt', 'three', true)).rejects.toThrow('The object "a.txt" already exists')
    expect(await staged()).toEqual([])
  })

  test('overwriting replaces bytes and record', async () => {
    await put('a.txt', 'one')
    await put('a.txt', 'three')
    expect((await store.head('a.txt'))?.size).toBe(5)
    expect(await readdir(join(root, '.oss/records/photos'))).toHaveLength(1)
  })

  test('keys that file systems confuse are kept apart and listed in byte order', async () => {
    const keys = [
      'A',
      'a',
      'a/',
      'a/b',
      'a//b',
      'é',
      'e\u0301',
      '../up',
      'con.txt',
      'x'.repeat(900),
      'X/'.repeat(500),
      'x/'.repeat(500),
      '/'.repeat(1000),
    ]
    for (const key of keys) await put(key, key)
    for (const key of keys) expect(await content(key)).toBe(key)
    expect((await store.list({ max: 1000 })).objects.map(({ key }) => key)).toEqual(
      keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    )
    expect(await readdir(root)).toEqual(['.oss', 'photos'])
  })

  test('deleting removes empty folders; a file removed by hand is no object', async () => {
    await put('deep/er/a.txt', 'one')
    expect(await store.delete('deep/er/a.txt')).toBe(true)
    expect(await store.delete('deep/er/a.txt')).toBe(false)
    expect(await readdir(join(root, 'photos'))).toEqual([])
    await put('b.txt', 'two')
    await unlink(join(root, 'photos/b.txt'))
    expect((await store.list({ max: 10 })).objects).toEqual([])
    expect(await store.head('b.txt')).toBeUndefined()
  })

  test('a source that breaks off, or is too long, leaves nothing', async () => {
    const broken = (async function* () {
      yield Buffer.from('half')
      throw new Error('cut')
    })()
    await expect(store.stage(broken)).rejects.toThrow('cut')
    await expect(store.stage(Readable.from([Buffer.alloc(11)]), 10)).rejects.toThrow(
      'More than 10 bytes',
    )
    expect(await staged()).toEqual([])
  })

  test('a range of bytes', async () => {
    await put('a.txt', '0123456789')
    const found = await store.open('a.txt')
    expect(found && (await text(found.stream({ start: 2, end: 4 })))).toBe('234')
  })
})

test('CRC-64 does not depend on how the bytes are cut', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, cut) => {
      const [whole, parts] = [new Crc64(), new Crc64()]
      whole.update(bytes)
      parts.update(bytes.subarray(0, cut))
      parts.update(bytes.subarray(cut))
      expect(parts.digest()).toBe(whole.digest())
    }),
  )
})
