import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BucketClient, BucketError } from '../../../app/bucket-client/index.ts'
import { type EmbeddedOss, startEmbeddedOss } from '../../../app/oss/index.ts'
import { deployerCredentials } from '../../../infra/storage/emptying/deployer-credentials.ts'
import {
  type EmptyBucketOptions,
  emptyBucket,
} from '../../../infra/storage/emptying/empty-bucket.ts'
import { serveAnswers } from '../bucket-client/serve-answers.ts'

const credentials = { accessKeyId: 'ID', accessKeySecret: 'SECRET' }
let dir: string
let oss: EmbeddedOss
let address: EmptyBucketOptions
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
  address = { bucket: 'photos', region: 'ap-southeast-1', credentials, endpoint }
  client = new BucketClient({ ...address, credentials: () => credentials })
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
  test('is emptied of objects by the thousand, whatever their names, and of unfinished uploads', async () => {
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

  test('that is not there is empty', async () => {
    await oss.store.remove('photos')
    expect(await emptyBucket(address, report)).toEqual({ objects: 0, uploads: 0 })
  })

  test('that may not be emptied says so at once', async () => {
    await store('upload/a')
    const reader = { accessKeyId: 'READER', accessKeySecret: 'SECRET' }
    const error = await emptyBucket({ ...address, credentials: reader }, report).catch((e) => e)
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

describe('the key of who deploys', () => {
  const none = (): undefined => undefined

  test.each([
    ['ALICLOUD_ACCESS_KEY', 'ALICLOUD_SECRET_KEY', 'ALICLOUD_SECURITY_TOKEN'],
    [
      'ALIBABA_CLOUD_ACCESS_KEY_ID',
      'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
      'ALIBABA_CLOUD_SECURITY_TOKEN',
    ],
  ])('is in the environment as %s', async (id, secret, token) => {
    const env = { [id]: 'A', [secret]: 'B' }
    expect(await deployerCredentials(none, env)).toEqual({ accessKeyId: 'A', accessKeySecret: 'B' })
    expect(await deployerCredentials(none, { ...env, [token]: 'T' })).toEqual({
      accessKeyId: 'A',
      accessKeySecret: 'B',
      securityToken: 'T',
    })
  })

  test('is taken from the configuration before the environment', async () => {
    const set = (name: string) => ({ accessKey: 'C', secretKey: 'D' })[name]
    const env = { ALICLOUD_ACCESS_KEY: 'A', ALICLOUD_SECRET_KEY: 'B' }
    expect(await deployerCredentials(set, env)).toEqual({ accessKeyId: 'C', accessKeySecret: 'D' })
  })

  test('is in a profile of the CLI, if that holds a key', async () => {
    const file = join(dir, 'config.json')
    const profiles = [
      { name: 'key', mode: 'AK', access_key_id: 'A', access_key_secret: 'B', sts_token: 'old' },
      { name: 'sts', mode: 'StsToken', access_key_id: 'A', access_key_secret: 'B', sts_token: 'T' },
      { name: 'role', mode: 'EcsRamRole' },
    ]
    await writeFile(file, JSON.stringify({ current: 'key', profiles }))
    const of = (profile: string) =>
      deployerCredentials(none, { ALICLOUD_PROFILE: profile, ALIBABA_CLOUD_CREDENTIALS_FILE: file })
    expect(await of('key')).toEqual({ accessKeyId: 'A', accessKeySecret: 'B' })
    expect(await of('sts')).toEqual({ accessKeyId: 'A', accessKeySecret: 'B', securityToken: 'T' })
    expect(await of('role')).toBeUndefined()
    expect(await of('other')).toBeUndefined()
    expect(await deployerCredentials(none, {})).toBeUndefined()
  })
})
