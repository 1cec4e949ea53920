import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deployerCredentials } from '../../../../infra/identity/deployer-credentials.ts'
import { fakeWeb, session } from './fake-web.ts'

const KEY = { accessKeyId: 'A', accessKeySecret: 'B' }
const KEY_VARIABLES = { ALICLOUD_ACCESS_KEY: 'A', ALICLOUD_SECRET_KEY: 'B' }
const ROLE = 'acs:ram::1:role/deployer'

let dir: string
let file: string
let tokenFile: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'identity-'))
  file = join(dir, 'config.json')
  tokenFile = join(dir, 'token')
  await writeFile(tokenFile, 'oidc-token')
  const key = { access_key_id: 'M', access_key_secret: 'N' }
  const role = { ram_role_arn: ROLE, ram_session_name: 'cli', expired_seconds: 900 }
  const printed = JSON.stringify({ mode: 'StsToken', ...key, sts_token: 'T' })
  await writeFile(join(dir, 'print.mjs'), `console.log(${JSON.stringify(printed)})`)
  const profiles = [
    { name: 'AK', mode: 'AK', ...key, sts_token: 'old' },
    { name: 'StsToken', mode: 'StsToken', ...key, sts_token: 'T' },
    { name: 'RamRoleArn', mode: 'RamRoleArn', ...key, ...role },
    { name: 'EcsRamRole', mode: 'EcsRamRole', ram_role_name: 'builder' },
    { name: 'Chain', mode: 'ChainableRamRoleArn', source_profile: 'StsToken', ...role },
    { name: 'Circle', mode: 'ChainableRamRoleArn', source_profile: 'Circle', ...role },
    { name: 'OIDC', mode: 'OIDC', oidc_provider_arn: 'P', oidc_token_file: tokenFile, ...role },
    { name: 'URI', mode: 'CredentialsURI', credentials_uri: 'http://credentials/C' },
    {
      name: 'External',
      mode: 'External',
      process_command: `${process.execPath} ${join(dir, 'print.mjs')}`,
    },
    { name: 'CloudSSO', mode: 'CloudSSO' },
  ]
  await writeFile(file, JSON.stringify({ current: 'AK', profiles }))
})
afterAll(() => rm(dir, { recursive: true }))

const setting =
  (values: Record<string, unknown>) =>
  (name: string): string | undefined => {
    const value = values[name]
    return value === undefined || typeof value === 'string' ? value : JSON.stringify(value)
  }

describe('a key', () => {
  test.each([
    ['ALICLOUD_ACCESS_KEY', 'ALICLOUD_SECRET_KEY', 'ALICLOUD_SECURITY_TOKEN'],
    [
      'ALIBABA_CLOUD_ACCESS_KEY_ID',
      'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
      'ALIBABA_CLOUD_SECURITY_TOKEN',
    ],
    ['ALIBABACLOUD_ACCESS_KEY_ID', 'ALIBABACLOUD_ACCESS_KEY_SECRET', 'ALIBABACLOUD_SECURITY_TOKEN'],
  ])('is taken from %s', async (id, secret, token) => {
    const env = { [id]: 'A', [secret]: 'B' }
    expect(await deployerCredentials(setting({}), env)).toEqual(KEY)
    expect(await deployerCredentials(setting({}), { ...env, [token]: 'T' })).toEqual({
      ...KEY,
      securityToken: 'T',
    })
  })

  test('is taken from the configuration before the environment', async () => {
    const config = setting({ accessKey: 'C', secretKey: 'D' })
    expect(await deployerCredentials(config, KEY_VARIABLES)).toEqual({
      accessKeyId: 'C',
      accessKeySecret: 'D',
    })
  })

  test('is missing without any source', async () => {
    expect(await deployerCredentials(setting({}), {})).toBeUndefined()
  })
})

describe('a profile', () => {
  const role = { RoleArn: ROLE, RoleSessionName: 'cli', DurationSeconds: '900' }

  test.each<[string, object | undefined, object[]]>([
    ['AK', { accessKeyId: 'M', accessKeySecret: 'N' }, []],
    ['StsToken', { accessKeyId: 'M', accessKeySecret: 'N', securityToken: 'T' }, []],
    [
      'RamRoleArn',
      session(ROLE),
      [{ what: 'AssumeRole sts.aliyuncs.com', values: { AccessKeyId: 'M', ...role } }],
    ],
    [
      'Chain',
      session(ROLE),
      [
        {
          what: 'AssumeRole sts.aliyuncs.com',
          values: { AccessKeyId: 'M', SecurityToken: 'T', ...role },
        },
      ],
    ],
    ['Circle', undefined, []],
    [
      'EcsRamRole',
      session('builder'),
      [
        {
          what: 'PUT http://100.100.100.200/latest/api/token',
          values: { 'X-aliyun-ecs-metadata-token-ttl-seconds': '60' },
        },
        {
          what: 'GET http://100.100.100.200/latest/meta-data/ram/security-credentials/builder',
          values: { 'X-aliyun-ecs-metadata-token': 'metadata-token' },
        },
      ],
    ],
    [
      'OIDC',
      session(ROLE),
      [
        {
          what: 'AssumeRoleWithOIDC sts.aliyuncs.com',
          values: { OIDCProviderArn: 'P', OIDCToken: 'oidc-token', ...role },
        },
      ],
    ],
    ['URI', session('C'), [{ what: 'GET http://credentials/C', values: {} }]],
    ['External', { accessKeyId: 'M', accessKeySecret: 'N', securityToken: 'T' }, []],
    ['CloudSSO', undefined, []],
    ['unknown', undefined, []],
  ])('%s of the CLI has credentials', async (profile, expected, requests) => {
    const web = fakeWeb()
    const env = { ALICLOUD_PROFILE: profile, ALIBABA_CLOUD_CREDENTIALS_FILE: file }
    expect(await deployerCredentials(setting({}), env)).toEqual(expected)
    expect(web).toEqual(requests)
  })

  test('is ignored when the environment has a key', async () => {
    const config = setting({ profile: 'StsToken', sharedCredentialsFile: file })
    expect(await deployerCredentials(config, KEY_VARIABLES)).toEqual({ ...KEY, securityToken: 'T' })
  })
})

describe('a role', () => {
  test('is assumed with every option of the configuration', async () => {
    const web = fakeWeb()
    const config = setting({
      assumeRole: {
        roleArn: ROLE,
        sessionName: 'ci',
        policy: '{"Version":"1"}',
        sessionExpiration: 1800,
        externalId: 'tenant',
      },
      endpoints: [{ sts: 'sts.ap-southeast-1.aliyuncs.com' }],
    })
    const env = { ...KEY_VARIABLES, ALICLOUD_ASSUME_ROLE_ARN: 'other' }
    expect(await deployerCredentials(config, env)).toEqual(session(ROLE))
    expect(web).toEqual([
      {
        what: 'AssumeRole sts.ap-southeast-1.aliyuncs.com',
        values: {
          AccessKeyId: 'A',
          RoleArn: ROLE,
          RoleSessionName: 'ci',
          DurationSeconds: '1800',
          Policy: '{"Version":"1"}',
          ExternalId: 'tenant',
        },
      },
    ])
  })

  test.each([
    ['ALICLOUD_ASSUME_ROLE_ARN', 'ALICLOUD_ASSUME_ROLE_SESSION_NAME'],
    ['ALIBABA_CLOUD_ROLE_ARN', 'ALIBABA_CLOUD_ROLE_SESSION_NAME'],
  ])('is taken from %s only beside assumeRole', async (arn, name) => {
    const web = fakeWeb()
    const variables = { [arn]: ROLE, [name]: 'ci', ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION: '900' }
    const env = { ...KEY_VARIABLES, ...variables }
    expect(await deployerCredentials(setting({}), env)).toEqual(KEY)
    expect(await deployerCredentials(setting({ assumeRole: {} }), env)).toEqual(session(ROLE))
    const values = { RoleArn: ROLE, RoleSessionName: 'ci', DurationSeconds: '900' }
    expect(web).toEqual([
      { what: 'AssumeRole sts.aliyuncs.com', values: { AccessKeyId: 'A', ...values } },
    ])
  })

  test.each([
    ['a token', { oidcToken: 'oidc-token' }, {}],
    ['a token in the environment', {}, { ALIBABA_CLOUD_OIDC_TOKEN: 'oidc-token' }],
    ['a file of the token', {}, () => ({ ALIBABA_CLOUD_OIDC_TOKEN_FILE: tokenFile })],
  ])('is assumed by OIDC with %s', async (_title, options, variables) => {
    const web = fakeWeb()
    const config = setting({ assumeRoleWithOidc: { roleArn: ROLE, ...options } })
    const env = typeof variables === 'function' ? variables() : variables
    const provider = { ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'P', ...env }
    expect(await deployerCredentials(config, provider)).toEqual(session(ROLE))
    expect(web).toEqual([
      {
        what: 'AssumeRoleWithOIDC sts.aliyuncs.com',
        values: {
          RoleArn: ROLE,
          RoleSessionName: 'terraform',
          DurationSeconds: '3600',
          OIDCProviderArn: 'P',
          OIDCToken: 'oidc-token',
        },
      },
    ])
  })

  test.each([
    ['of the instance', { ALICLOUD_ECS_ROLE_NAME: 'builder' }],
    ['of a URI', { ALIBABA_CLOUD_CREDENTIALS_URI: 'http://credentials/builder' }],
  ])('is assumed with temporary credentials %s', async (_title, env) => {
    const web = fakeWeb()
    const config = setting({ assumeRole: { roleArn: ROLE } })
    expect(await deployerCredentials(setting({}), env)).toEqual(session('builder'))
    expect(await deployerCredentials(config, env)).toEqual(session(ROLE))
    expect(web.at(-1)?.values).toMatchObject({ AccessKeyId: 'builder', SecurityToken: 'token' })
  })
})
