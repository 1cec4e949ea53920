import { beforeEach, describe, expect, test } from 'vitest'
import type { RamPolicy } from '../../../app/oss/index.ts'
import { OWNER, useEmbeddedOss } from '../../embedded-oss.ts'
import { type SignedCall, signedCall } from './signed-call.ts'

const clock = new Date('2026-11-24T12:00:00Z')
const date = '20261124T120000Z'
const region = 'ap-southeast-1'
const limited: RamPolicy = {
  Version: '1',
  Statement: [
    { Effect: 'Allow', Action: 'oss:*', Resource: 'acs:oss:*:*:photos/upload/*' },
    { Effect: 'Deny', Action: 'oss:DeleteObject', Resource: '*' },
    {
      Effect: 'Allow',
      Action: 'oss:GetObject',
      Resource: 'acs:oss:*:*:photos/near/*',
      Condition: { IpAddress: { 'acs:SourceIp': ['10.0.0.0/8', '127.0.0.0/8'] } },
    },
    {
      Effect: 'Allow',
      Action: 'oss:GetObject',
      Resource: 'acs:oss:*:*:photos/far/*',
      Condition: { NotIpAddress: { 'acs:SourceIp': '127.0.0.0/8' } },
    },
  ],
}
const user = { accessKeyId: 'RAM', accessKeySecret: 'other', policies: [limited] }
const server = useEmbeddedOss({ keys: [OWNER, user], buckets: [], now: () => clock })

function call(method: string, bucket: string, ask: Partial<SignedCall> = {}) {
  return signedCall({ port: server.port, region, date, method, bucket, as: OWNER, ...ask })
}

const outcome = async (...args: Parameters<typeof call>) => (await call(...args)).outcome

test('a bucket is created, described, and deleted once it is empty', async () => {
  expect(await outcome('GET', 'photos', { query: [['bucketInfo', '']] })).toBe('404 NoSuchBucket')
  expect(await outcome('PUT', 'ph_otos')).toBe('400 InvalidBucketName')
  expect(await outcome('PUT', 'photos')).toBe('200')
  expect(await outcome('PUT', 'photos')).toBe('200')
  const other =
    '<CreateBucketConfiguration><StorageClass>IA</StorageClass></CreateBucketConfiguration>'
  expect(await outcome('PUT', 'photos', { body: other })).toBe('409 BucketAlreadyExists')
  const { answer } = await call('GET', '', { query: [['prefix', 'pho']] })
  expect(answer).toContain('<Name>photos</Name>')
  const info = (await call('GET', 'photos', { query: [['bucketInfo', '']] })).answer
  expect(info).toContain('<CreationDate>2026-11-24T12:00:00.000Z</CreationDate>')
  expect(info).toContain('<BlockPublicAccess>true</BlockPublicAccess>')
  expect(await outcome('PUT', 'photos', { key: 'a', body: 'a' })).toBe('200')
  expect(await outcome('DELETE', 'photos')).toBe('409 BucketNotEmpty')
  expect(await outcome('DELETE', 'photos', { key: 'a' })).toBe('204')
  expect(await outcome('DELETE', 'photos')).toBe('204')
  expect(await outcome('DELETE', 'photos')).toBe('404 NoSuchBucket')
})

const denial = {
  Version: '1',
  Statement: [{ Effect: 'Deny', Principal: ['1'], Action: 'oss:*', Resource: ['acs:oss:*:*:*'] }],
}

describe('documents', () => {
  beforeEach(async () => {
    await call('PUT', 'photos')
  })

  test('CORS rules are checked, stored in lower case, and applied', async () => {
    const query: [string, string][] = [['cors', '']]
    const rule = (origin: string, header = 'X-Name') =>
      `<CORSConfiguration><CORSRule><AllowedOrigin>${origin}</AllowedOrigin><AllowedMethod>POST</AllowedMethod><AllowedHeader>${header}</AllowedHeader></CORSRule></CORSConfiguration>`
    expect(await outcome('GET', 'photos', { query })).toBe('404 NoSuchCORSConfiguration')
    expect(await outcome('PUT', 'photos', { query, body: rule('https://*') })).toBe(
      '400 InvalidArgument',
    )
    expect(await outcome('PUT', 'photos', { query, body: rule('*', 'a*b*') })).toBe(
      '400 InvalidArgument',
    )
    expect(await outcome('PUT', 'photos', { query, body: '<CORSConfiguration' })).toBe(
      '400 MalformedXML',
    )
    const many = rule('*').replace(/<CORSRule>.*<\/CORSRule>/, (one) => one.repeat(21))
    expect(await outcome('PUT', 'photos', { query, body: many })).toBe('400 CORSRuleBeyondLimit')
    const good = rule('https://*.example.com')
    expect(await outcome('PUT', 'photos', { query, body: good })).toBe('200')
    expect((await call('GET', 'photos', { query })).answer).toContain('<AllowedHeader>x-name<')
    const preflight = (origin: string) =>
      outcome('OPTIONS', 'photos', {
        as: undefined,
        headers: { origin, 'access-control-request-method': 'POST' },
      })
    expect(await preflight('https://a.example.com')).toBe('200')
    const headers = { origin: 'https://a.example.com', 'access-control-request-method': 'POST' }
    expect((await call('OPTIONS', 'photos', { as: undefined, headers })).headers).toMatchObject({
      'access-control-allow-origin': 'https://a.example.com',
      'access-control-allow-methods': 'POST',
    })
    expect(await preflight('https://example.com')).toBe('403 AccessForbidden')
    expect(await outcome('DELETE', 'photos', { query })).toBe('204')
    expect(await preflight('https://a.example.com')).toBe('403 AccessForbidden')
  })

  test('set at the same time are all stored', async () => {
    const put = (name: string, body: string) =>
      outcome('PUT', 'photos', { query: [[name, '']], body })
    const outcomes = await Promise.all([
      put(
        'cors',
        '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>POST</AllowedMethod></CORSRule></CORSConfiguration>',
      ),
      put('tagging', '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>'),
      put(
        'publicAccessBlock',
        '<PublicAccessBlockConfiguration><BlockPublicAccess>false</BlockPublicAccess></PublicAccessBlockConfiguration>',
      ),
      put('policy', JSON.stringify(denial)),
    ])
    expect(outcomes).toEqual(['200', '200', '200', '200'])
    const kept = async (name: string) =>
      (await call('GET', 'photos', { query: [[name, '']] })).answer
    expect(await kept('cors')).toContain('<AllowedOrigin>*</AllowedOrigin>')
    expect(await kept('tagging')).toContain('<Key>a</Key>')
    expect(await kept('publicAccessBlock')).toContain('<BlockPublicAccess>false<')
    expect(JSON.parse(await kept('policy'))).toEqual(denial)
  })

  test.each([
    ['lifecycle', '404 NoSuchLifecycle'],
    ['encryption', '404 NoSuchServerSideEncryptionRule'],
    ['website', '404 NoSuchWebsiteConfiguration'],
    ['policy', '404 NoSuchBucketPolicy'],
    ['tagging', '200'],
    ['versioning', '200'],
    ['logging', '200'],
    ['referer', '200'],
    ['worm', '501 NotImplemented'],
  ])('%s that was never put: %s', async (name, expected) => {
    expect(await outcome('GET', 'photos', { query: [[name, '']] })).toBe(expected)
  })

  test('a document survives a restart', async () => {
    const body =
      '<Tagging><TagSet><Tag><Key>k</Key><Value>a &amp; b</Value></Tag></TagSet></Tagging>'
    expect(await outcome('PUT', 'photos', { query: [['tagging', '']], body })).toBe('200')
    await server.restart()
    const { answer } = await call('GET', 'photos', { query: [['tagging', '']] })
    expect(answer.replaceAll(/\s*\n\s*/g, '')).toBe(`<?xml version="1.0" encoding="UTF-8"?>${body}`)
  })
})

describe('access control', () => {
  beforeEach(async () => {
    await call('PUT', 'photos')
    for (const key of ['upload/a', 'near/a', 'far/a'])
      await call('PUT', 'photos', { key, body: key })
  })

  test('a RAM user is allowed, denied, and limited by conditions', async () => {
    expect(await outcome('GET', 'photos', { key: 'upload/a', as: user })).toBe('200')
    expect(await outcome('GET', 'photos', { key: 'upload', as: user })).toBe('403 AccessDenied')
    expect(await outcome('DELETE', 'photos', { key: 'upload/a', as: user })).toBe(
      '403 AccessDenied',
    )
    expect(await outcome('GET', 'photos', { key: 'near/a', as: user })).toBe('200')
    expect(await outcome('GET', 'photos', { key: 'far/a', as: user })).toBe('403 AccessDenied')
    const copy = { 'x-oss-copy-source': '/photos/far/a' }
    expect(await outcome('PUT', 'photos', { key: 'upload/b', as: user, headers: copy })).toBe(
      '403 AccessDenied',
    )
    expect(await outcome('PUT', 'photos', { key: 'upload/b', headers: copy })).toBe('200')
    expect(await outcome('GET', '', { as: user })).toBe('403 AccessDenied')
  })

  test('DeleteMultipleObjects authorises each object and deletes none unless all are allowed', async () => {
    const list = (...keys: string[]) => ({
      query: [['delete', '']] as [string, string][],
      body: `<Delete>${keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('')}</Delete>`,
    })
    const cleaner: RamPolicy = {
      Version: '1',
      Statement: [
        { Effect: 'Allow', Action: 'oss:DeleteObject', Resource: 'acs:oss:*:*:photos/upload/*' },
      ],
    }
    const as = { accessKeyId: 'CLEAN', accessKeySecret: 'c', policies: [cleaner] }
    await server.restart({ keys: [OWNER, as] })
    const both = await outcome('POST', 'photos', { as, ...list('upload/a', 'near/a') })
    expect(both).toBe('403 AccessDenied')
    expect(await outcome('GET', 'photos', { key: 'upload/a' })).toBe('200')
    // A version, also the only one, needs a permission of its own.
    const version =
      '<Delete><Object><Key>upload/a</Key><VersionId>null</VersionId></Object></Delete>'
    const { query } = list()
    expect(await outcome('POST', 'photos', { as, query, body: version })).toBe('403 AccessDenied')
    const versionId: [string, string][] = [['versionId', 'null']]
    const single = { key: 'upload/a', query: versionId, as }
    expect(await outcome('DELETE', 'photos', single)).toBe('403 AccessDenied')
    expect(await outcome('GET', 'photos', { key: 'upload/a' })).toBe('200')
    expect(await outcome('POST', 'photos', { as, ...list('upload/a') })).toBe('200')
    expect(await outcome('GET', 'photos', { key: 'upload/a' })).toBe('404 NoSuchKey')
  })

  test('anonymous calls need an ACL and public access that is not blocked', async () => {
    const read = () => outcome('GET', 'photos', { key: 'far/a', as: undefined })
    const acl = {
      query: [['acl', '']] as [string, string][],
      headers: { 'x-oss-acl': 'public-read' },
    }
    expect(await read()).toBe('403 AccessDenied')
    expect(await outcome('PUT', 'photos', acl)).toBe('403 AccessDenied')
    expect(await outcome('DELETE', 'photos', { query: [['publicAccessBlock', '']] })).toBe('204')
    expect(await outcome('PUT', 'photos', acl)).toBe('200')
    expect(await read()).toBe('200')
    expect(await outcome('PUT', 'photos', { key: 'x', body: 'x', as: undefined })).toBe(
      '403 AccessDenied',
    )
    const shut = { key: 'far/a', ...acl, headers: { 'x-oss-object-acl': 'private' } }
    expect(await outcome('PUT', 'photos', shut)).toBe('200')
    expect(await read()).toBe('403 AccessDenied')
  })

  test('a bucket policy that requires HTTPS applies to the owner', async () => {
    const body = JSON.stringify({
      Version: '1',
      Statement: [
        {
          Effect: 'Deny',
          Principal: ['*'],
          Action: ['oss:*'],
          Resource: ['acs:oss:*:*:photos', 'acs:oss:*:*:photos/*'],
          Condition: { Bool: { 'acs:SecureTransport': ['false'] } },
        },
      ],
    })
    const query: [string, string][] = [['policy', '']]
    expect(await outcome('PUT', 'photos', { query, body: '{}' })).toBe('400 MalformedPolicy')
    expect(await outcome('PUT', 'photos', { query, body })).toBe('200')
    expect(await outcome('GET', 'photos', { key: 'far/a' })).toBe('403 AccessDenied')
    expect(await outcome('DELETE', 'photos', { query })).toBe('204')
    expect(await outcome('GET', 'photos', { key: 'far/a' })).toBe('200')
  })

  test('a path names no bucket on a service host and cannot leave the folder', async () => {
    const host = `oss-${region}.aliyuncs.com`
    expect(await outcome('GET', 'photos', { key: 'photos/far/a', host })).toBe(
      '403 SecondLevelDomainForbidden',
    )
    expect(await outcome('PUT', 'photos', { key: '../../outside', body: 'x' })).toBe('200')
    expect(await outcome('GET', 'photos', { key: '../../outside' })).toBe('200')
    expect(await outcome('PUT', 'photos', { key: '\\x', body: 'x' })).toBe('400 InvalidObjectName')
    expect(await outcome('PUT', 'photos', { key: 'x'.repeat(1024), body: 'x' })).toBe(
      '400 InvalidObjectName',
    )
  })
})
