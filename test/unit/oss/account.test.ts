import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type CallEvent,
  type EmbeddedOss,
  type EmbeddedOssOptions,
  startEmbeddedOss,
} from '../../../app/oss/index.ts'
import type { BucketSettings } from '../../../app/oss/store/bucket-settings.ts'
import { type SignedCall, signedCall } from './signed-call.ts'

const region = 'ap-southeast-1'
const date = '20261124T120000Z'
const owner = { accessKeyId: 'LTAI', accessKeySecret: 'secret' }
const elsewhere: BucketSettings = {
  name: 'photos-eu',
  region: 'eu-central-1',
  created: '2026-01-01T00:00:00.000Z',
  acl: 'private',
  storageClass: 'Standard',
  dataRedundancyType: 'LRS',
  blockPublicAccess: true,
  documents: {},
}
let root: string
let oss: EmbeddedOss

async function start(options: Partial<EmbeddedOssOptions> = {}): Promise<void> {
  oss = await startEmbeddedOss({
    dir: root,
    region,
    keys: [owner],
    buckets: [{ name: 'photos' }],
    now: () => new Date('2026-11-24T12:00:00Z'),
    ...options,
  })
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'oss-'))
})

afterEach(async () => {
  await oss.close()
  await rm(root, { recursive: true })
})

function call(method: string, bucket: string, ask: Partial<SignedCall> = {}) {
  return signedCall({ port: oss.port, region, date, method, bucket, as: owner, ...ask })
}

describe('an account with buckets elsewhere, among other accounts', () => {
  beforeEach(() =>
    start({
      account: { bucketsElsewhere: () => [elsewhere], isTaken: (name) => name === 'photos-other' },
    }),
  )

  test('lists all its buckets, each with its region', async () => {
    const { answer } = await call('GET', '', { query: [['prefix', 'photos']] })
    const listed = [...answer.matchAll(/<(?:Name|Location)>(.*?)</g)].map(([, value]) => value)
    expect(listed).toEqual(['oss-ap-southeast-1', 'photos', 'oss-eu-central-1', 'photos-eu'])
    expect(answer).toContain(
      '<IntranetEndpoint>oss-eu-central-1-internal.aliyuncs.com</IntranetEndpoint>',
    )
  })

  test('bucket names are unique among all accounts', async () => {
    expect((await call('PUT', 'photos-eu')).outcome).toBe('409 BucketAlreadyExists')
    expect((await call('PUT', 'photos-other')).outcome).toBe('409 BucketAlreadyExists')
    expect((await call('PUT', 'photos-new')).outcome).toBe('200')
  })

  test('a bucket elsewhere names the endpoint to use', async () => {
    const { outcome, answer } = await call('GET', 'photos-eu')
    expect(outcome).toBe('403 AccessDenied')
    expect(answer).toContain('<Bucket>photos-eu</Bucket>')
    expect(answer).toContain('<Endpoint>oss-eu-central-1.aliyuncs.com</Endpoint>')
    expect(answer).toContain('<EC>0003-00001403</EC>')
  })

  test("another account's bucket cannot be accessed", async () => {
    const { outcome, answer } = await call('GET', 'photos-other')
    expect(outcome).toBe('403 AccessDenied')
    expect(answer).toContain('<EC>0003-00000001</EC>')
    expect((await call('GET', 'photos-none')).outcome).toBe('404 NoSuchBucket')
  })
})

test('an empty x-oss-acl counts as none', async () => {
  await start()
  expect((await call('PUT', 'fresh', { headers: { 'x-oss-acl': '' } })).outcome).toBe('200')
  const { answer } = await call('GET', 'fresh', { query: [['acl', '']] })
  expect(answer).toContain('<Grant>private</Grant>')
})

describe('a V4 signature dated by the Date header', () => {
  beforeEach(() => start())

  test('covers the text of the header', async () => {
    const byDateHeader = 'Tue, 24 Nov 2026 12:00:00 GMT'
    const query: [string, string][] = [['bucketInfo', '']]
    expect((await call('GET', 'photos', { query, byDateHeader })).outcome).toBe('200')
  })

  test('must be recent, of the same day, and a date', async () => {
    const outcome = async (byDateHeader: string) =>
      (await call('GET', 'photos', { byDateHeader })).outcome
    expect(await outcome('Tue, 24 Nov 2026 11:44:59 GMT')).toBe('403 RequestTimeTooSkewed')
    expect(await outcome('Wed, 25 Nov 2026 00:00:00 GMT')).toBe('400 InvalidArgument')
    expect(await outcome('today')).toBe('403 AccessDenied')
  })
})

test('onCall reports each call before it is authorised, onRefusal each error code', async () => {
  const told: Omit<CallEvent, 'request'>[] = []
  const refused: string[] = []
  await start({
    onCall: ({ request: _, ...event }) => void told.push(event),
    onRefusal: (_request, code) => void refused.push(code),
  })
  await call('GET', '')
  await call('PUT', 'photos', { key: 'a', body: 'x' })
  await call('GET', 'none', { query: [['bucketInfo', '']] })
  await call('GET', 'photos', { key: 'missing' })
  await call('GET', 'photos', { as: { ...owner, accessKeySecret: 'wrong' } })
  const { accessKeyId } = owner
  expect(told).toEqual([
    { action: 'oss:ListBuckets', bucket: '', key: '', accessKeyId },
    { action: 'oss:PutObject', bucket: 'photos', key: 'a', accessKeyId },
    { action: 'oss:GetBucketInfo', bucket: 'none', key: '', accessKeyId },
    { action: 'oss:GetObject', bucket: 'photos', key: 'missing', accessKeyId },
  ])
  expect(refused).toEqual(['NoSuchBucket', 'NoSuchKey', 'SignatureDoesNotMatch'])
})
