import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../../../app/server/config.ts'
import { InstanceRoleCredentials } from '../../../app/server/credentials/instance-role.ts'
import { refusal, reported, serveApp } from './app-server.ts'
import { InstanceMetadata, temporary } from './instance-metadata.ts'

let metadata: InstanceMetadata
let instanceRole: InstanceRoleCredentials
let clock: number
const now = () => new Date(clock)

beforeEach(async () => {
  metadata = new InstanceMetadata()
  instanceRole = new InstanceRoleCredentials({ metadata: await metadata.start(), now })
  clock = Date.parse('2026-01-01T00:00:00Z')
})
afterEach(() => metadata.stop())

const serve = (expiresInSeconds = 600) =>
  serveApp({ credentials: () => instanceRole.get(), now, expiresInSeconds })

interface Signed {
  accessid: string
  expire: number
  policy: string
  signature: string
  security_token: string
  fields: Record<string, string>
}

async function sign(origin: string): Promise<Signed> {
  const response = await fetch(`${origin}/signature?name=a.png&size=1`)
  expect(response.status).toBe(200)
  return (await response.json()) as Signed
}

/** The V4 signature of a policy, calculated independently. */
function signature(policy: string, secret: string): string {
  const scope = ['20260101', 'ap-southeast-1', 'oss', 'aliyun_v4_request']
  const key = scope.reduce<Buffer | string>(
    (above, part) => createHmac('sha256', above).update(part).digest(),
    `aliyun_v4${secret}`,
  )
  return createHmac('sha256', key).update(policy).digest('hex')
}

test('forms carry and pin the security token, and follow a rotation', async () => {
  const origin = await serve()
  for (const id of ['STS.1', 'STS.2', 'STS.3']) {
    metadata.credentials = temporary(id, '2026-01-01T23:00:00Z')
    clock += 3_600_000
    let form = await sign(origin)
    while (form.accessid !== id) form = await sign(origin)
    expect(form.security_token).toBe(`token-of-${id}`)
    expect(form.fields['x-oss-security-token']).toBe(`token-of-${id}`)
    expect(form.signature).toBe(signature(form.policy, `secret-of-${id}`))
    const { conditions } = JSON.parse(Buffer.from(form.policy, 'base64').toString())
    expect(conditions).toContainEqual(['eq', '$x-oss-security-token', `token-of-${id}`])
  }
})

test('a form expires no later than the credentials', async () => {
  const form = await sign(await serve(604_800))
  expect(form.expire).toBe(Date.parse('2026-01-01T06:00:00Z') / 1000)
  const { expiration } = JSON.parse(Buffer.from(form.policy, 'base64').toString())
  expect(expiration).toBe('2026-01-01T06:00:00.000Z')
})

test('without credentials the answer is a 503, and the cause is reported', async () => {
  metadata.role = undefined
  expect(await refusal(await fetch(`${await serve()}/signature?name=a.png&size=1`))).toEqual([
    503,
    'CredentialsUnavailable: The server has no credentials to sign with at the moment; try again in a minute',
  ])
  expect(reported.map((error) => ((error as Error).cause as Error).message)).toEqual([
    'No role is attached to this instance',
  ])
})

const least = { OSS_BUCKET: 'photos', OSS_REGION: 'ap-southeast-1' }

test('CREDENTIALS=instance-role needs no key', () => {
  const config = loadConfig({ ...least, CREDENTIALS: 'instance-role', INSTANCE_ROLE: 'uploader' })
  expect(config.instanceRole).toBeInstanceOf(InstanceRoleCredentials)
  expect(config.app.signing.credentials).toBeTypeOf('function')
})

test('CREDENTIALS=access-key is the default and needs a key', () => {
  const key = { OSS_ACCESS_KEY_ID: 'LTAI', OSS_ACCESS_KEY_SECRET: 'secret' }
  const config = loadConfig({ ...least, ...key, CREDENTIALS: 'access-key' })
  expect(config).toEqual(loadConfig({ ...least, ...key }))
  expect([config.instanceRole, config.app.signing.credentials]).toEqual([
    undefined,
    { accessKeyId: 'LTAI', accessKeySecret: 'secret' },
  ])
})

test.each([
  [
    { CREDENTIALS: 'access-key' },
    ['OSS_ACCESS_KEY_ID must be set', 'OSS_ACCESS_KEY_SECRET must be set'],
  ],
  [
    { CREDENTIALS: 'keyless' },
    [
      'CREDENTIALS must be access-key or instance-role',
      'OSS_ACCESS_KEY_ID must be set',
      'OSS_ACCESS_KEY_SECRET must be set',
    ],
  ],
  [
    { CREDENTIALS: 'instance-role', INSTANCE_ROLE: 'a/b', RELEASE: 'a b' },
    [
      'INSTANCE_ROLE must be the name of a RAM role',
      'RELEASE must have 1 to 64 letters, digits and . _ -',
    ],
  ],
])('%o is refused in full', (env, problems) => {
  expect(() => loadConfig({ ...least, ...env })).toThrow(
    `The configuration cannot be used:\n${problems.map((line) => `  ${line}`).join('\n')}`,
  )
})

test('GET /healthz answers the release', async () => {
  const { app } = loadConfig({ ...least, CREDENTIALS: 'instance-role', RELEASE: '0123456789ab' })
  const origin = await serveApp({}, { ...(app.release ? { release: app.release } : {}) })
  expect(await (await fetch(`${origin}/healthz`)).json()).toEqual({
    status: 'ok',
    release: '0123456789ab',
  })
})
