import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  BucketClient,
  type BucketClientOptions,
  BucketError,
} from '../../../app/bucket-client/index.ts'
import { type EmbeddedOss, startEmbeddedOss } from '../../../app/oss/index.ts'
import { emptyBucket } from '../../../infra/storage/emptying/empty-bucket.ts'
import { serveAnswers } from '../bucket-client/serve-answers.ts'

const credentials = { accessKeyId: 'ID', accessKeySecret: 'SECRET' }
let dir: string
let oss: EmbeddedOss
let address: BucketClientOptions
let client: BucketClient
let lines: string[]
const report = (line: string): void => void lines.push(line)

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'emptying-'))
  oss = await startEmbeddedOss({
    dir,
    keys: [
      credentials,
      {
        accessKeyId: 'READER',
        accessKeySecret: 'SECRET',
        policies: [
          { Version: '1', Statement: [{ Effect: 'Allow', Action: 'oss:List*', Resource: '*' }] },
        ],
      },
    ],
    buckets: [{ name: 'photos' }],
    bucketOfAddress: 'photos',
  })
  const endpoint = `http://127.0.0.1:${oss.port}`
  address = { bucket: 'photos', region: 'ap-southeast-1', credentials: () => credentials, endpoint }
  client = new BucketClient(address)
  lines = []
})
afterEach(async () => {
  await oss.close()
  await rm(dir, { recursive: true })
})

const store = (key: string): Promise<string> => client.send({ method: 'PUT', key, body: key })

async function startUpload(key: string): Promise<void> {
  const answer = await client.send({ method: 'POST', key, query: { uploads: '' } })
  expect(answer).toContain('<UploadId>')
}

describe('a bucket', () => {
  test('is emptied of thousands of objects with any name and of unfinished uploads', async () => {
    const odd = ['upload/a&b <c> "d" \'e\'.txt', 'upload/照片 ✓.png', 'upload/50%+1', 'folder/']
    for (const key of odd) await store(key)
    for (let i = 0; i < 1000; i += 1) await store(`upload/${i}`)
    for (const key of ['upload/large &.bin', 'upload/large 2.bin']) await startUpload(key)
    expect(await emptyBucket(address, report)).toEqual({ objects: 1004, uploads: 2 })
    expect(lines).toEqual([
      'photos: 1000 objects deleted',
      'photos: 1004 objects deleted',
      'photos: 2 unfinished uploads aborted',
    ])
    expect(await emptyBucket(address, report)).toEqual({ objects: 0, uploads: 0 })
  })

  test('that does not exist is empty', async () => {
    await oss.store.remove('photos')
    expect(await emptyBucket(address, report)).toEqual({ objects: 0, uploads: 0 })
  })

  test('that must not be emptied fails at once', async () => {
    await store('upload/a')
    const reader = { accessKeyId: 'READER', accessKeySecret: 'SECRET' }
    const error = await emptyBucket({ ...address, credentials: () => reader }, report).catch(
      (e) => e,
    )
    expect(error).toBeInstanceOf(BucketError)
    expect(error.code).toBe('AccessDenied')
    expect(error.message).toMatch(/^photos: 403 AccessDenied /)
  })
})

test('a listing that never gets shorter ends the deletion', async () => {
  const listing = '<Version><Key>a%20b</Key><VersionId>null</VersionId></Version>'
  const { origin, close } = await serveAnswers([
    [200, listing],
    [200, ''],
    [200, listing],
  ])
  await expect(emptyBucket({ ...address, endpoint: origin }, report)).rejects.toThrow(
    'photos: OSS confirms the deletion of a b but still lists it',
  )
  close()
})
