import { appendFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { OWNER, useEmbeddedOss } from '../../embedded-oss.ts'
import { type SignedCall, signedCall } from './signed-call.ts'

const server = useEmbeddedOss({ now: () => new Date('2026-11-24T12:00:00.700Z') })

function call(method: string, key: string, ask: Partial<SignedCall> = {}) {
  return signedCall({
    port: server.port,
    region: 'ap-southeast-1',
    date: '20261124T120000Z',
    bucket: 'photos',
    as: OWNER,
    method,
    key,
    ...ask,
  })
}

const append = (position: number, body: string) =>
  call('POST', 'log', {
    body,
    query: [
      ['append', ''],
      ['position', String(position)],
    ],
  })

describe('AppendObject', () => {
  test('appends at the end and nowhere else', async () => {
    const first = await append(0, 'one')
    expect([first.outcome, first.headers['x-oss-next-append-position']]).toEqual(['200', '3'])
    const second = await append(3, 'two')
    expect([second.outcome, second.headers['x-oss-next-append-position']]).toEqual(['200', '6'])
    const wrong = await append(3, 'x')
    expect([wrong.outcome, wrong.headers['x-oss-next-append-position']]).toEqual([
      '409 PositionNotEqualToLength',
      '6',
    ])
    const { answer, headers } = await call('GET', 'log')
    expect([answer, headers['x-oss-object-type'], headers['x-oss-next-append-position']]).toEqual([
      'onetwo',
      'Appendable',
      '6',
    ])
    // CRC-64 of "onetwo".
    expect(headers['x-oss-hash-crc64ecma']).toBe(second.headers['x-oss-hash-crc64ecma'])
    await call('PUT', 'whole', { body: 'onetwo' })
    expect((await call('HEAD', 'whole')).headers['x-oss-hash-crc64ecma']).toBe(
      headers['x-oss-hash-crc64ecma'],
    )
  })

  test('refuses an object that was put, and a position that is not a number', async () => {
    await call('PUT', 'log', { body: 'put' })
    expect((await append(0, 'x')).outcome).toBe('409 ObjectNotAppendable')
    expect((await append(3, 'x')).outcome).toBe('409 ObjectNotAppendable')
    expect((await append(-1, 'x')).outcome).toBe('400 InvalidArgument')
    expect((await call('GET', 'log')).answer).toBe('put')
  })

  test('a process killed while it appends leaves the object as it was', async () => {
    await append(0, 'one')
    await server.oss.close()
    const [name = ''] = await readdir(join(server.root, 'photos'))
    await appendFile(join(server.root, 'photos', name), 'half of wha')
    await server.restart()
    expect((await call('GET', 'log')).answer).toBe('one')
    expect((await append(3, 'two')).outcome).toBe('200')
    expect((await call('GET', 'log')).answer).toBe('onetwo')
  })

  test('of two appends at the same position, one succeeds', async () => {
    await append(0, 'one')
    const outcomes = await Promise.all(
      ['a', 'b'].map(async (body) => (await append(3, body)).outcome),
    )
    expect(outcomes.sort()).toEqual(['200', '409 PositionNotEqualToLength'])
  })
})

describe('object tags', () => {
  const query: [string, string][] = [['tagging', '']]
  const document = (...tags: [string, string][]) =>
    `<Tagging><TagSet>${tags.map(([k, v]) => `<Tag><Key>${k}</Key><Value>${v}</Value></Tag>`).join('')}</TagSet></Tagging>`
  const stored = async () => (await call('GET', 'a', { query })).answer.replaceAll(/\s*\n\s*/g, '')

  test('are put, returned, counted and deleted', async () => {
    expect((await call('PUT', 'a', { query, body: document(['x', '1']) })).outcome).toBe(
      '404 NoSuchKey',
    )
    await call('PUT', 'a', { body: 'a' })
    const tags = document(['x', '1'], ['y', ''])
    expect((await call('PUT', 'a', { query, body: tags })).outcome).toBe('200')
    expect(await stored()).toBe(`<?xml version="1.0" encoding="UTF-8"?>${tags}`)
    expect((await call('HEAD', 'a')).headers['x-oss-tagging-count']).toBe('2')
    expect((await call('DELETE', 'a', { query })).outcome).toBe('204')
    expect((await call('HEAD', 'a')).headers['x-oss-tagging-count']).toBeUndefined()
    expect((await call('GET', 'a')).answer).toBe('a')
  })

  test('come with a header, and with copies', async () => {
    await call('PUT', 'a', { body: 'a', headers: { 'x-oss-tagging': 'k=v%201' } })
    expect(await stored()).toContain('<Key>k</Key><Value>v 1</Value>')
    const copy = { 'x-oss-copy-source': '/photos/a' }
    await call('PUT', 'b', { headers: copy })
    expect((await call('HEAD', 'b')).headers['x-oss-tagging-count']).toBe('1')
    await call('PUT', 'c', { headers: { ...copy, 'x-oss-tagging-directive': 'Replace' } })
    expect((await call('HEAD', 'c')).headers['x-oss-tagging-count']).toBeUndefined()
  })

  test.each([
    [[['', 'v']]],
    [[['k'.repeat(129), 'v']]],
    [[['k', 'v'.repeat(257)]]],
    [[['k', '#']]],
    [Array.from({ length: 11 }, (_, i) => [`k${i}`, ''])],
    [
      [
        ['k', '1'],
        ['k', '2'],
      ],
    ],
  ])('that OSS does not allow are refused: %#', async (tags) => {
    await call('PUT', 'a', { body: 'a' })
    const body = document(...(tags as [string, string][]))
    expect((await call('PUT', 'a', { query, body })).outcome).toBe('400 InvalidTag')
  })
})

describe('a symlink', () => {
  const query: [string, string][] = [['symlink', '']]
  const link = (key: string, target: string) =>
    call('PUT', key, { query, headers: { 'x-oss-symlink-target': encodeURIComponent(target) } })

  test('gives its target, and itself when asked for', async () => {
    await call('PUT', '目标', { body: 'content' })
    expect((await link('link', '目标')).outcome).toBe('200')
    const { answer, headers } = await call('GET', 'link')
    expect([answer, headers['x-oss-object-type'], headers['content-length']]).toEqual([
      'content',
      'Symlink',
      '7',
    ])
    const itself = await call('GET', 'link', { query })
    expect(itself.headers['x-oss-symlink-target']).toBe(encodeURIComponent('目标'))
    expect((await call('GET', '目标', { query })).outcome).toBe('404 NoSuchKey')
    expect((await call('DELETE', 'link')).outcome).toBe('204')
    expect((await call('GET', '目标')).answer).toBe('content')
  })

  test('must lead to an object that is not a symlink', async () => {
    await link('nowhere', 'none')
    expect((await call('GET', 'nowhere')).outcome).toBe('404 SymlinkTargetNotExist')
    await link('twice', 'nowhere')
    expect((await call('GET', 'twice')).outcome).toBe('400 InvalidTargetType')
    expect((await link('bad', '')).outcome).toBe('400 InvalidObjectName')
  })
})

test('the statistics of a bucket count objects and uploads', async () => {
  await call('PUT', 'a', { body: 'abc' })
  await call('PUT', 'b', { body: 'abcd', headers: { 'x-oss-storage-class': 'IA' } })
  await call('POST', 'c', { query: [['uploads', '']] })
  const { answer } = await call('GET', '', { query: [['stat', '']] })
  const values = Object.fromEntries(
    [...answer.matchAll(/<(\w+)>(\d+)</g)].map(([, name, value]) => [name, value]),
  )
  expect(values).toMatchObject({
    Storage: '7',
    ObjectCount: '2',
    MultipartUploadCount: '1',
    LastModifiedTime: '1795521600',
    StandardStorage: '3',
    StandardObjectCount: '1',
    InfrequentAccessStorage: '4',
    InfrequentAccessObjectCount: '1',
  })
})

describe('what clients read', () => {
  test('whole seconds, the ETag of a copy, the clock of the options', async () => {
    await call('PUT', 'a b', { body: 'a' })
    const { answer } = await call('GET', '')
    expect(answer).toContain('<LastModified>2026-11-24T12:00:00.000Z</LastModified>')
    // As a form encodes it.
    const copy = await call('PUT', 'b', { headers: { 'x-oss-copy-source': '/photos/a+b' } })
    expect([copy.outcome, copy.headers.etag, copy.headers.date]).toEqual([
      '200',
      '"0CC175B9C0F1B6A831C399E269772661"',
      'Tue, 24 Nov 2026 12:00:00 GMT',
    ])
  })

  test.each([
    ['if-match', '"0CC175B9C0F1B6A831C399E269772661"', '200'],
    ['if-match', '"other"', '412 PreconditionFailed'],
    ['if-none-match', '"other"', '200'],
    ['if-none-match', '"0CC175B9C0F1B6A831C399E269772661"', '304'],
    ['if-unmodified-since', 'Tue, 24 Nov 2026 11:59:59 GMT', '412 PreconditionFailed'],
    ['if-modified-since', 'Tue, 24 Nov 2026 12:00:00 GMT', '304'],
  ])('the condition of a copy: %s %s: %s', async (name, value, expected) => {
    await call('PUT', 'a', { body: 'a' })
    const headers = { 'x-oss-copy-source': '/photos/a', [`x-oss-copy-source-${name}`]: value }
    expect((await call('PUT', 'b', { headers })).outcome).toBe(expected)
  })
})

describe('an address', () => {
  const get = (host: string, key: string) => call('GET', key, { host })

  test('is read in the way that the signature covers', async () => {
    await call('PUT', 'photos/a', { body: 'in photos/' })
    await call('PUT', 'a', { body: 'at the top' })
    for (const host of [
      'photos.localhost',
      'photos.oss:80',
      'photos.oss-x.localhost:1',
      '127.0.0.1:1',
    ]) {
      expect((await get(host, 'a')).answer).toBe('at the top')
      expect((await get(host, 'photos/a')).answer).toBe('in photos/')
    }
  })

  test('lists its readings when none has the signature', async () => {
    const { outcome, answer } = await call('GET', 'a/b', {
      host: 'elsewhere.localhost',
      as: { ...OWNER, accessKeySecret: 'wrong' },
    })
    expect(outcome).toBe('403 SignatureDoesNotMatch')
    expect(answer).toContain(
      '<AddressReadings>bucket &quot;elsewhere&quot;, key &quot;a/b&quot;; bucket &quot;a&quot;, key &quot;b&quot;</AddressReadings>',
    )
  })

  test('must be allowed, if there is a list', async () => {
    await server.restart({ allowedHosts: ['127.0.0.1', '*.localhost'] })
    await call('PUT', 'a', { body: 'a', host: 'photos.localhost' })
    expect((await get('photos.localhost:1234', 'a')).outcome).toBe('200')
    expect((await get('127.0.0.1:1', 'a')).outcome).toBe('200')
    expect((await get('photos.evil.example', 'a')).outcome).toBe('421 InvalidHost')
    expect((await get('localhost', 'a')).outcome).toBe('421 InvalidHost')
  })
})

test('folders that somebody has removed come back', async () => {
  await rm(join(server.root, '.oss', 'staging'), { recursive: true })
  await rm(join(server.root, '.oss', 'records'), { recursive: true })
  await rm(join(server.root, 'photos'), { recursive: true })
  expect((await call('PUT', 'a', { body: 'a' })).outcome).toBe('500 InternalError')
  expect((await call('PUT', 'a', { body: 'a' })).outcome).toBe('200')
  expect((await call('GET', 'a')).answer).toBe('a')
})

test.each(['127.0.0.1', '10.1.2.3', 'localhost:9000', '[::1]', '169.254.169.254'])(
  'a callback to %s is refused before the upload',
  async (host) => {
    const parameter = { callbackUrl: `http://${host}/callback`, callbackBody: 'a=b' }
    const callback = Buffer.from(JSON.stringify(parameter)).toString('base64')
    const { outcome } = await call('PUT', 'a', {
      body: 'a',
      headers: { 'x-oss-callback': callback },
    })
    expect(outcome).toBe('400 InvalidArgument')
    expect((await call('GET', 'a')).outcome).toBe('404 NoSuchKey')
  },
)
