import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../../app/client/uploader/multipart/memory-storage.ts'
import { fingerprint, ResumeStore } from '../../../app/client/uploader/multipart/resume-store.ts'

describe('the record of an upload', () => {
  const record = {
    serverUrl: 'http://server.example',
    name: '电影.mp4',
    type: 'video/mp4',
    size: 30,
    lastModified: 5,
    key: 'upload/电影.mp4',
    token: 't',
    partSize: 10,
    uploadId: 'U',
    expires: 1000,
    renamed: false,
    completing: false,
  }
  const id = fingerprint(record)
  const part = (partNumber: number) => ({ partNumber, etag: '"E"', crc64: '7', size: 10 })

  test('is found by its file, with its parts', () => {
    const storage = memoryStorage()
    const records = new ResumeStore(storage)
    records.create(record)
    records.create({ ...record, name: 'other' })
    records.addPart(id, part(2))
    records.addPart(id, part(10))
    const later = new ResumeStore(storage)
    expect(later.find(id)).toEqual(record)
    expect(later.parts(id)).toEqual([part(2), part(10)])
    expect(later.find(fingerprint({ ...record, size: 31 }))).toBeUndefined()
    expect(later.list(record.serverUrl, 0).map(({ name }) => name)).toEqual(['电影.mp4', 'other'])
    expect(later.list('http://elsewhere.example', 0)).toEqual([])
    later.create(record)
    expect(later.parts(id)).toEqual([])
    later.remove(id)
    expect(later.list(record.serverUrl, 0).map(({ name }) => name)).toEqual(['other'])
  })

  test('is removed when it has expired, and ignored when it is invalid', () => {
    const storage = memoryStorage()
    const records = new ResumeStore(storage)
    records.create(record)
    records.addPart(id, part(1))
    storage.setItem(`upload:${id}3`, 'nonsense')
    expect(records.parts(id)).toEqual([part(1)])
    expect(records.list(record.serverUrl, 999)).toHaveLength(1)
    expect(records.list(record.serverUrl, 1000)).toEqual([])
    expect(storage.length).toBe(0)
    for (const broken of ['{', 'null', '{"key":"k"}', JSON.stringify({ ...record, token: 1 })]) {
      storage.setItem(`upload:${id}`, broken)
      expect(records.find(id)).toBeUndefined()
    }
  })

  test('is not stored when the storage is full', () => {
    const full = memoryStorage()
    full.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    const none = new ResumeStore(full)
    none.create(record)
    none.addPart(id, part(1))
    expect([full.length, none.find(id), none.parts(id)]).toEqual([0, undefined, []])
  })
})
