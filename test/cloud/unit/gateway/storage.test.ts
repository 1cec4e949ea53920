import { Agent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import OSS from 'ali-oss'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PolicyStatement } from '../../../../app/oss/index.ts'
import {
  callApi,
  clock,
  cloud,
  type Signer,
  sendThroughProxy,
  startCloud,
  useCloud,
} from './api-client.ts'
import { createUserKey, trustDocument } from './ram-calls.ts'

// The official SDK, by TLS through the proxy. It has no clock of its own to set.

let agents: (Agent | TlsAgent)[]

useCloud({ now: Date.now, takenBuckets: ['taken-by-another'], propagationMs: 0 })

beforeEach(() => {
  clock.ms = Date.now()
  agents = []
})

afterEach(() => {
  for (const agent of agents) agent.destroy()
})

function client(options: { as?: Signer; region?: string; secure?: boolean } = {}): OSS {
  const { region = 'ap-southeast-1', secure = true } = options
  const as: Signer = options.as ?? cloud.deployer
  const proxy = `http://127.0.0.1:${cloud.proxyPort}`
  const httpsAgent = new TlsAgent({ ca: cloud.certificate, proxyEnv: { HTTPS_PROXY: proxy } })
  const agent = new Agent({ proxyEnv: { HTTP_PROXY: proxy } })
  agents.push(agent, httpsAgent)
  return new OSS({
    accessKeyId: as.accessKeyId,
    accessKeySecret: as.accessKeySecret,
    ...(as.securityToken ? { stsToken: as.securityToken } : {}),
    region: `oss-${region}`,
    bucket: 'photos-1',
    authorizationV4: true,
    secure,
    agent,
    httpsAgent,
  })
}

function makeUser(statement: PolicyStatement): Promise<Signer> {
  return createUserKey({ Version: '1', Statement: [statement] })
}

test('an object comes back as it was put, and is left over until it is deleted', async () => {
  await client().putBucket('photos-1')
  await client().put('文件 夹/a+b&c.txt', Buffer.from('hello'))
  const got = await client().get('文件 夹/a+b&c.txt')
  expect(got.content.toString()).toBe('hello')
  const { uploadId } = await client().initMultipartUpload('half.bin')
  expect(await cloud.leftovers()).toEqual([
    'OSS bucket photos-1 (ap-southeast-1): 1 objects, 1 unfinished uploads with 0 parts',
  ])
  await expect(client().deleteBucket('photos-1')).rejects.toMatchObject({ code: 'BucketNotEmpty' })
  await client().delete('文件 夹/a+b&c.txt')
  await expect(client().deleteBucket('photos-1')).rejects.toMatchObject({ code: 'BucketNotEmpty' })
  await client().abortMultipartUpload('half.bin', uploadId)
  await client().deleteBucket('photos-1')
  expect(await cloud.leftovers()).toEqual([])
})

test('one account, many regions: names are one space', async () => {
  await client().putBucket('photos-1')
  await client({ region: 'eu-central-1' }).putBucket('photos-2')
  const { buckets } = await client().listBuckets({ prefix: 'photos' })
  expect(buckets?.map(({ name, region }) => [name, region])).toEqual([
    ['photos-1', 'oss-ap-southeast-1'],
    ['photos-2', 'oss-eu-central-1'],
  ])
  await expect(client().putBucket('photos-2')).rejects.toMatchObject({
    code: 'BucketAlreadyExists',
    status: 409,
  })
  await expect(client().putBucket('taken-by-another')).rejects.toMatchObject({
    code: 'BucketAlreadyExists',
  })
  await expect(client({ region: 'eu-central-1' }).get('a')).rejects.toMatchObject({
    code: 'AccessDenied',
    status: 403,
  })
})

describe('who signs', () => {
  beforeEach(() => client().putBucket('photos-1'))

  test('a RAM user may what his policies allow, and is told from the account', async () => {
    const as = await makeUser({
      Effect: 'Allow',
      Action: 'oss:PutObject',
      Resource: 'acs:oss:*:*:photos-1/upload/*',
    })
    await client({ as }).put('upload/a', Buffer.from('a'))
    await expect(client({ as }).put('other/a', Buffer.from('a'))).rejects.toMatchObject({
      code: 'AccessDenied',
    })
    await expect(client({ as }).get('upload/a')).rejects.toMatchObject({ code: 'AccessDenied' })
    const put = cloud.audit.find({ action: 'oss:PutObject' })
    expect(
      put.map(({ caller, parameters: { key }, status, code }) => [caller, key, status, code]),
    ).toEqual([
      ['user/u', 'upload/a', 200, ''],
      ['user/u', 'other/a', 403, 'AccessDenied'],
    ])
    expect(cloud.audit.permissionsUsed('user/u')).toEqual(['oss:PutObject'])
    const UserAccessKeyId = as.accessKeyId
    const parameters = { UserName: 'u', UserAccessKeyId, Status: 'Inactive' }
    await callApi(cloud, clock, 'UpdateAccessKey', { parameters })
    await expect(client({ as }).put('upload/a', Buffer.from('a'))).rejects.toMatchObject({
      code: 'InvalidAccessKeyId',
    })
  })

  test('a session of a role signs with its token', async () => {
    const as = await makeUser({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' })
    await callApi(cloud, clock, 'CreateRole', {
      parameters: {
        RoleName: 'reader',
        AssumeRolePolicyDocument: trustDocument({ RAM: [`acs:ram::${cloud.accountId}:root`] }),
      },
    })
    await callApi(cloud, clock, 'AttachPolicyToRole', {
      parameters: {
        RoleName: 'reader',
        PolicyName: 'AliyunOSSReadOnlyAccess',
        PolicyType: 'System',
      },
    })
    const { body } = await callApi(cloud, clock, 'AssumeRole', {
      as,
      host: 'sts.aliyuncs.com',
      version: '2015-04-01',
      parameters: {
        RoleArn: `acs:ram::${cloud.accountId}:role/reader`,
        RoleSessionName: 'session',
      },
    })
    const found = body.Credentials as Record<string, string>
    const role = {
      accessKeyId: found.AccessKeyId ?? '',
      accessKeySecret: found.AccessKeySecret ?? '',
      securityToken: found.SecurityToken ?? '',
    }
    await client().put('a', Buffer.from('read me'))
    expect((await client({ as: role }).get('a')).content.toString()).toBe('read me')
    await expect(client({ as: role }).put('a', Buffer.from('b'))).rejects.toMatchObject({
      code: 'AccessDenied',
    })
    const { securityToken: _, ...bare } = role
    await expect(client({ as: bare }).get('a')).rejects.toMatchObject({
      code: 'InvalidSecurityToken',
    })
    expect(cloud.audit.find({ caller: 'role/reader/session' })).toHaveLength(2)
  })
})

test('a policy that wants TLS lets in what came by TLS, through the proxy too', async () => {
  await client().putBucket('photos-1')
  const { store } = await cloud.storage.region('ap-southeast-1')
  const bucket = store.find('photos-1')
  if (!bucket) throw new Error('The bucket is missing')
  const policy = JSON.stringify({
    Version: '1',
    Statement: [
      {
        Effect: 'Deny',
        Principal: ['*'],
        Action: ['oss:*'],
        Resource: ['acs:oss:*:*:photos-1/*'],
        Condition: { Bool: { 'acs:SecureTransport': 'false' } },
      },
    ],
  })
  await store.save({ ...bucket.settings, policy })
  expect((await client().put('a', Buffer.from('a'))).res.status).toBe(200)
  await expect(client({ secure: false }).put('b', Buffer.from('b'))).rejects.toMatchObject({
    code: 'AccessDenied',
  })
  expect(
    cloud.audit.find({ action: 'oss:PutObject' }).map(({ secure, status }) => [secure, status]),
  ).toEqual([
    [true, 200],
    [false, 403],
  ])
})

test('internal names are there for the inside only', async () => {
  const url = 'https://photos-1.oss-ap-southeast-1-internal.aliyuncs.com/'
  await expect(sendThroughProxy(cloud, url)).rejects.toThrow(/502/)
  expect(cloud.audit.find({ code: 'UnknownHost' }).map(({ host }) => host)).toEqual([
    'photos-1.oss-ap-southeast-1-internal.aliyuncs.com',
  ])
})

test('a new account reaches the data of mainland buckets by other names only', async () => {
  await cloud.close()
  await startCloud({ now: Date.now, mainlandDataIsPublic: false })
  const mainland = client({ region: 'cn-hangzhou' })
  await mainland.putBucket('photos-1')
  await expect(mainland.put('a', Buffer.from('a'))).rejects.toMatchObject({
    code: 'PublicEndpointForbidden',
    status: 400,
  })
  const hongKong = client({ region: 'cn-hongkong' })
  await mainland.deleteBucket('photos-1')
  await hongKong.putBucket('photos-1')
  expect((await hongKong.put('a', Buffer.from('a'))).res.status).toBe(200)
})

describe('faults', () => {
  beforeEach(() => client().putBucket('photos-1'))

  test.each([
    ['throttle', 'RequestThrottled', 503],
    ['unavailable', 'ServiceUnavailable', 503],
    ['internal', 'InternalError', 500],
    ['refuse', 'AccessDenied', 403],
  ] as const)('%s: %s, and nothing is done', async (kind, code, status) => {
    cloud.faults.add({ kind, action: 'oss:PutObject' })
    await expect(client().put('a', Buffer.from('a'))).rejects.toMatchObject({ code, status })
    await expect(client().head('a')).rejects.toMatchObject({ status: 404 })
    await client().put('a', Buffer.from('a'))
    const [first] = cloud.audit.find({ action: 'oss:PutObject' })
    expect([first?.fault, first?.status, first?.code]).toEqual([kind, status, code])
  })

  test('lost-response: it is done, and the client never hears of it', async () => {
    cloud.faults.add({ kind: 'lost-response', action: 'oss:PutObject' })
    await expect(client().put('a', Buffer.from('a'))).rejects.toThrow()
    expect((await client().get('a')).content.toString()).toBe('a')
    const [first] = cloud.audit.find({ action: 'oss:PutObject' })
    expect([first?.fault, first?.status, first?.code]).toEqual(['lost-response', 0, ''])
  })

  test('delay: it is only late', async () => {
    cloud.faults.add({ kind: 'delay', milliseconds: 300, host: 'photos-1.*' })
    const started = performance.now()
    await client().put('a', Buffer.from('a'))
    expect(performance.now() - started).toBeGreaterThanOrEqual(299)
    // It is written down once the connection knows that the answer has gone.
    await expect.poll(() => cloud.audit.find({ action: 'oss:PutObject' })).toHaveLength(1)
    const [first] = cloud.audit.find({ action: 'oss:PutObject' })
    expect([first?.fault, first?.status]).toEqual(['delay', 200])
    expect(first?.milliseconds).toBeGreaterThanOrEqual(299)
  })
})
