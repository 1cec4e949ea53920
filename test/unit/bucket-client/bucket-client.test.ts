import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import {
  BucketClient,
  type BucketClientOptions,
  BucketError,
} from '../../../app/bucket-client/index.ts'
import { startEmbeddedOss } from '../../../app/oss/index.ts'
import { serveAnswers } from './serve-answers.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function clientOf(endpoint: string, options: Partial<BucketClientOptions> = {}): BucketClient {
  return new BucketClient({
    bucket: 'photos',
    region: 'ap-southeast-1',
    credentials: () => ({ accessKeyId: 'ID', accessKeySecret: 'SECRET' }),
    endpoint,
    retryDelaysMs: [1, 1],
    ...options,
  })
}

async function serve(answers: [status: number, body: string][]) {
  const server = await serveAnswers(answers)
  closing.push(server.close)
  return server
}

const UNAVAILABLE: [number, string] = [503, '<Error><Code>ServiceUnavailable</Code></Error>']

/** What an error consists of. */
async function failure(result: Promise<unknown>): Promise<unknown> {
  const error = (await result.catch((e) => e)) as BucketError
  expect(error).toBeInstanceOf(BucketError)
  const { status, code, message } = error
  return { status, code, message }
}

test('stores and reads an object and lists the bucket with signatures that OSS accepts', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'bucket-client-'))
  const oss = await startEmbeddedOss({
    dir,
    keys: [{ accessKeyId: 'ID', accessKeySecret: 'SECRET' }],
    buckets: [{ name: 'photos' }],
    bucketOfAddress: 'photos',
  })
  closing.push(
    () => oss.close(),
    () => rm(dir, { recursive: true }),
  )
  const client = clientOf(`http://127.0.0.1:${oss.port}`)
  const key = 'a b/照片.txt'
  const headers = { 'content-type': 'text/plain' }
  expect(await client.send({ method: 'PUT', key, headers, body: 'hello' })).toBe('')
  expect(await client.send({ method: 'GET', key })).toBe('hello')
  expect(await client.send({ method: 'GET', query: { 'list-type': '2' } })).toContain(key)
  expect(await failure(client.send({ method: 'GET', key: 'none' }))).toEqual({
    status: 404,
    code: 'NoSuchKey',
    message: 'photos: 404 NoSuchKey The specified key does not exist.',
  })
})

test('repeats a request while the service fails', async () => {
  const { origin, requests } = await serve([UNAVAILABLE, [200, 'done']])
  const client = clientOf(origin)
  expect(await client.send({ method: 'GET', query: { uploads: '' } })).toBe('done')
  expect(requests).toEqual(['GET /?uploads', 'GET /?uploads'])
})

test('repeats a request whose credentials are not available yet', async () => {
  const { origin, requests } = await serve([[200, 'done']])
  let calls = 0
  const credentials = async () => {
    calls += 1
    if (calls < 3) throw new Error('no credentials yet')
    return { accessKeyId: 'ID', accessKeySecret: 'SECRET' }
  }
  expect(await clientOf(origin, { credentials }).send({ method: 'GET', key: 'a' })).toBe('done')
  expect(requests).toEqual(['GET /a'])
})

test('gives up after the last delay', async () => {
  const { origin, requests } = await serve([UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, [200, 'done']])
  expect(await failure(clientOf(origin).send({ method: 'GET' }))).toEqual({
    status: 503,
    code: 'ServiceUnavailable',
    message: 'photos: 503 ServiceUnavailable',
  })
  expect(requests).toEqual(['GET /', 'GET /', 'GET /'])
})

test.each([
  ['a refusal', [403, '<Error><Code>AccessDenied</Code><Message>No.</Message></Error>'], {}],
  ['a request that must not be repeated', UNAVAILABLE, { retry: false }],
] as const)('does not repeat %s', async (_title, answer, options) => {
  const { origin, requests } = await serve([[...answer]])
  await expect(clientOf(origin).send({ method: 'GET', ...options })).rejects.toThrow(BucketError)
  expect(requests).toHaveLength(1)
})

test('reports a redirect instead of following it', async () => {
  const { origin } = await serve([[301, '<Error><Code>PermanentRedirect</Code></Error>']])
  expect(await failure(clientOf(origin).send({ method: 'GET' }))).toEqual({
    status: 301,
    code: 'PermanentRedirect',
    message: 'photos: 301 PermanentRedirect',
  })
})

test('says why the bucket cannot be reached', async () => {
  const { origin, close } = await serve([])
  close()
  const { port } = new URL(origin)
  expect(await failure(clientOf(origin).send({ method: 'GET' }))).toEqual({
    status: 0,
    code: '',
    message: `photos cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}`,
  })
})

test('signs with the given clock', async () => {
  const { origin, urls } = await serve([[200, '']])
  const now = () => new Date('2026-01-02T03:04:05Z')
  await clientOf(origin, { now }).send({ method: 'GET' })
  expect(urls).toEqual([expect.stringContaining('&x-oss-date=20260102T030405Z&')])
})
