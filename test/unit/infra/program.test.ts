import * as pulumi from '@pulumi/pulumi'
import { expect, test, vi } from 'vitest'
import { runProgram, SECRETS } from './program-run.ts'
import { named, resolved, UNKNOWN } from './registrations.ts'

const COMPONENTS = ['network', 'release', 'server', 'uploader', 'uploads']
const ALL = [
  'network',
  'network-eip',
  'network-http-0.0.0.0-0',
  'network-security-group',
  'network-vpc',
  'network-vswitch',
  'release',
  'release-acl',
  'release-app',
  'release-bucket',
  'release-policy',
  'release-public-access-block',
  'release-runtime',
  'release-secrets',
  'server',
  'server-eip-association',
  'server-instance',
  'server-policy',
  'server-policy-attachment',
  'server-role',
  'server-role-attachment',
  'token-secret',
  'uploader',
  'uploader-key',
  'uploader-policy',
  'uploader-policy-attachment',
  'uploader-user',
  'uploads',
  'uploads-acl',
  'uploads-bucket',
  'uploads-contents',
  'uploads-cors',
  'uploads-encryption',
  'uploads-overwrite',
  'uploads-policy',
  'uploads-public-access-block',
]

test('the program is five components and a secret, and everything else belongs to one of them', async () => {
  const { recorded } = await runProgram()
  expect(recorded.map(({ name }) => name)).toEqual(ALL)
  const parents = recorded.map(({ name, parent }) => [name, parent])
  expect(parents).toEqual(
    ALL.map((name) => [
      name,
      COMPONENTS.includes(name) ? undefined : COMPONENTS.find((one) => name.startsWith(`${one}-`)),
    ]),
  )
})

test('the outputs are those of the quick deploy, once the page has answered', async () => {
  const { outputs, requests } = await runProgram()
  const values = Object.entries(outputs).map(async ([key, output]) => [key, await resolved(output)])
  expect(Object.fromEntries(await Promise.all(values))).toEqual({
    OssClientAddress: 'http://203.0.113.10',
    ApplicationServerAddress: '203.0.113.10:80',
    EcsInstanceId: 'server-instance-id',
    EipAllocationId: 'network-eip-id',
    OssBucketName: 'shop-dev-uploads-30eb3e3c',
    EcsLoginAddress:
      'https://ecs-workbench.aliyun.com/?from=EcsConsole&instanceType=ecs&regionId=ap-southeast-1&instanceId=server-instance-id',
  })
  expect(requests).toEqual(['http://203.0.113.10/healthz', 'http://203.0.113.10/'])
})

test('the components reference each other', async () => {
  const { recorded } = await runProgram()
  const inputs = (name: string): Record<string, unknown> => named(recorded, name).inputs
  expect(inputs('uploads-cors').corsRules).toMatchObject([
    { allowedOrigins: ['http://203.0.113.10'] },
  ])
  expect(inputs('uploader-policy').policyDocument).toContain(
    '"acs:oss:*:*:shop-dev-uploads-30eb3e3c/upload/*"',
  )
  expect(inputs('server-policy').policyDocument).toBe(
    '{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:GetObject"],"Resource":["acs:oss:*:*:shop-dev-release-002cf0d8/*"]}]}',
  )
  expect(inputs('network-vswitch')).toMatchObject({ zoneId: 'ap-southeast-1b' })
  expect(named(recorded, 'network-vswitch').options.ignoreChanges).toEqual(['zoneId', 'cidrBlock'])
  expect(inputs('server-instance')).toMatchObject({
    imageId: 'debian_13_6_x64',
    instanceType: 'ecs.e-c1m1.large',
    systemDiskCategory: 'cloud_essd_entry',
    vswitchId: 'network-vswitch-id',
    securityGroups: ['network-security-group-id'],
  })
  const { options } = named(recorded, 'server-instance')
  expect(options.ignoreChanges).toEqual(['imageId', 'instanceType', 'systemDiskCategory'])
  // The instance starts once all that it needs is there.
  expect(options.dependsOn).toEqual(
    expect.arrayContaining([
      'network-http-0.0.0.0-0',
      'release-app',
      'release-runtime',
      'release-secrets',
      'server-policy-attachment',
      'uploader-policy-attachment',
      'uploads-contents',
      'uploads-encryption',
      'uploads-overwrite',
      'uploads-policy',
      'uploads-public-access-block',
    ]),
  )
  // Pages alone wait for the CORS rule, and it takes as long as the network.
  expect(options.dependsOn).not.toContain('uploads-cors')
  // What starts the second provider comes after what takes long of the first.
  expect(named(recorded, 'token-secret').options.dependsOn).toEqual(['uploads-contents'])
  expect(named(recorded, 'uploads-contents').options.dependsOn).toContain('uploads-acl')
  const userData = String(inputs('server-instance').userData)
  for (const line of [
    'OSS_BUCKET="shop-dev-uploads-30eb3e3c"',
    'OSS_REGION="ap-southeast-1"',
    'UPLOAD_DIR="upload/"',
    'CREDENTIALS="access-key"',
  ]) {
    expect(userData).toContain(line)
  }
  for (const name of [
    'network-vpc',
    'uploads-bucket',
    'uploader-policy',
    'release-bucket',
    'server-role',
  ]) {
    expect([name, inputs(name).tags]).toEqual([name, { project: 'shop', stack: 'dev' }])
  }
})

test('every secret is encrypted', async () => {
  vi.stubEnv('PULUMI_CONFIG_SECRET_KEYS', '["shop:password","shop:accessCode"]')
  const { recorded, outputs } = await runProgram({
    password: SECRETS.password,
    accessCode: SECRETS.code,
  })

  const secretInputs = recorded.flatMap(({ name, inputs }) =>
    Object.entries(inputs)
      .filter(([, value]) => JSON.stringify(value).includes('"secret":'))
      .map(([key]) => `${name}.${key}`),
  )
  expect(secretInputs).toEqual(['release-secrets.content', 'server-instance.password'])
  const plain = recorded.map(({ inputs, ...rest }) => [rest, withoutSecrets(inputs)])
  const shown = await Promise.all(Object.values(outputs).map(resolved))
  const text = JSON.stringify([plain, shown])
  for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret)
  const content = JSON.stringify(named(recorded, 'release-secrets').inputs.content)
  expect(content).toContain(SECRETS.key)
  expect(content).toContain(SECRETS.token)
  expect(content).toContain(SECRETS.code)
  expect(named(recorded, 'server-instance').inputs.password).toEqual({ secret: SECRETS.password })
})

test('with the credentials of the role there is no user and no key but that of the tokens', async () => {
  const { recorded } = await runProgram({ credentials: 'instance-role' })
  expect(recorded.filter(({ name }) => name.startsWith('uploader'))).toEqual([])
  expect(named(recorded, 'release-secrets').inputs.content).toEqual({
    secret: '# b3caf75ce7fad10c5c16fbccbbe2926e\nTOKEN_SECRET="key-of-the-tokens"\n',
  })
  const { policyDocument } = named(recorded, 'server-policy').inputs
  expect(JSON.parse(String(policyDocument)).Statement).toEqual([
    {
      Effect: 'Allow',
      Action: ['oss:GetObject'],
      Resource: ['acs:oss:*:*:shop-dev-release-002cf0d8/*'],
    },
    {
      Effect: 'Allow',
      Action: ['oss:PutObject'],
      Resource: ['acs:oss:*:*:shop-dev-uploads-30eb3e3c/upload/*'],
    },
  ])
  expect(named(recorded, 'server-instance').inputs.userData).toContain(
    'CREDENTIALS="instance-role"',
  )
})

test('the settings reach what they are about', async () => {
  const { recorded } = await runProgram({
    bucketName: 'photos',
    zoneId: 'ap-southeast-1b',
    instanceType: 'ecs.e-c1m1.large',
    systemDiskCategory: 'cloud_essd',
    allowedCidrs: '["198.51.100.0/24"]',
    sshCidrs: '["203.0.113.7/32"]',
    password: SECRETS.password,
    bandwidth: '50',
    corsOrigins: '["https://a.example"]',
    objectExpiryDays: '7',
    uploadDir: 'in/',
    tags: '{"team":"web"}',
  })
  const inputs = (name: string): Record<string, unknown> => named(recorded, name).inputs
  expect(inputs('uploads-bucket')).toMatchObject({
    bucket: 'photos',
    lifecycleRules: [{}, { prefix: 'in/', expirations: [{ days: 7 }] }],
    tags: { project: 'shop', stack: 'dev', team: 'web' },
  })
  expect(inputs('uploads-cors').corsRules).toMatchObject([
    { allowedOrigins: ['http://203.0.113.10', 'https://a.example'] },
  ])
  expect(inputs('network-http-198.51.100.0-24').portRange).toBe('80/80')
  expect(inputs('network-ssh-203.0.113.7-32').portRange).toBe('22/22')
  expect(inputs('network-eip').bandwidth).toBe('50')
  expect(inputs('server-instance').systemDiskCategory).toBe('cloud_essd')
  expect(named(recorded, 'server-instance').options.ignoreChanges).toEqual(['imageId'])
  expect(named(recorded, 'network-vswitch').options.ignoreChanges).toBeUndefined()
})

test('https adds a rule and a permission, changes the address, and nothing else', async () => {
  const plain = await runProgram()
  const { recorded, outputs, requests } = await runProgram({ https: 'true' })
  const more = ['network-https-0.0.0.0-0']
  expect(recorded.map(({ name }) => name)).toEqual([...ALL, ...more].toSorted())
  const inputs = (name: string): Record<string, unknown> => named(recorded, name).inputs
  const changed = recorded.filter(
    ({ name, inputs }) =>
      !more.includes(name) &&
      JSON.stringify(named(plain.recorded, name).inputs) !== JSON.stringify(inputs),
  )
  expect(changed.map(({ name }) => name)).toEqual([
    'server-instance',
    'server-policy',
    'uploads-cors',
  ])
  expect(inputs('network-https-0.0.0.0-0')).toMatchObject({ portRange: '443/443' })
  expect(inputs('uploads-cors').corsRules).toMatchObject([
    { allowedOrigins: ['https://203.0.113.10', 'http://203.0.113.10'] },
  ])
  expect(JSON.parse(String(inputs('server-policy').policyDocument)).Statement).toEqual([
    {
      Effect: 'Allow',
      Action: ['oss:GetObject'],
      Resource: ['acs:oss:*:*:shop-dev-release-002cf0d8/*'],
    },
    {
      Effect: 'Allow',
      Action: ['oss:PutObject'],
      Resource: ['acs:oss:*:*:shop-dev-release-002cf0d8/acme/*'],
    },
  ])
  const userData = String(inputs('server-instance').userData)
  for (const line of [
    'HTTPS_NAME="203.0.113.10"',
    'CERTIFICATE_DIR="/var/lib/oss-direct-upload"',
    'CERTIFICATE_BUCKET="shop-dev-release-002cf0d8"',
    'INSTANCE_ROLE="shop-dev-server"',
    'CREDENTIALS="access-key"',
  ]) {
    expect(userData).toContain(`${line}\n`)
  }
  expect(await resolved(outputs.OssClientAddress as pulumi.Output<unknown>)).toBe(
    'https://203.0.113.10',
  )
  expect(requests).toEqual(['https://203.0.113.10/healthz', 'https://203.0.113.10/'])
})

test('with a domain the page is there, and its origin can be either address', async () => {
  const { recorded, outputs } = await runProgram({ https: 'true', domain: 'photos.example' })
  expect(await resolved(outputs.OssClientAddress as pulumi.Output<unknown>)).toBe(
    'https://photos.example',
  )
  expect(await resolved(outputs.ApplicationServerAddress as pulumi.Output<unknown>)).toBe(
    '203.0.113.10:80',
  )
  expect(named(recorded, 'uploads-cors').inputs.corsRules).toMatchObject([
    {
      allowedOrigins: ['https://photos.example', 'http://203.0.113.10', 'http://photos.example'],
    },
  ])
})

test.each([
  ['access-key', 'uploader-policy', 0],
  ['instance-role', 'server-policy', 1],
])('large files reach server, bucket and the policy of the %s', async (credentials, policy, at) => {
  const { recorded } = await runProgram({ credentials, largeFiles: 'true' })
  const inputs = (name: string): Record<string, unknown> => named(recorded, name).inputs
  const granted = recorded
    .filter(({ type }) => type === 'alicloud:ram/policy:Policy')
    .map(({ name, inputs }) => [name, JSON.parse(String(inputs.policyDocument)).Statement] as const)
  expect(Object.fromEntries(granted)[policy]?.[at]).toEqual({
    Effect: 'Allow',
    Action: ['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts'],
    Resource: ['acs:oss:*:*:shop-dev-uploads-30eb3e3c/upload/*'],
  })
  expect(JSON.stringify(granted).split('oss:ListParts')).toHaveLength(2)
  expect(inputs('uploads-cors').corsRules).toMatchObject([
    { allowedMethods: ['POST', 'PUT', 'GET', 'DELETE'] },
  ])
  const userData = String(inputs('server-instance').userData)
  expect(userData).toContain('MULTIPART="on"')
  expect(userData).toContain('MULTIPART_MAX_SIZE="107374182400"')
})

test('a preview of a new stack registers the same, sends no request, and leaves unknown what cannot be known', async () => {
  const { recorded, outputs, requests } = await runProgram({}, { preview: true })
  expect(recorded.map(({ name }) => name)).toEqual(ALL)
  expect(requests).toEqual([])
  expect(named(recorded, 'server-instance').inputs.userData).toBe(UNKNOWN)
  expect(named(recorded, 'uploads-bucket').inputs.bucket).toBe('shop-dev-uploads-30eb3e3c')
  expect(await resolved(outputs.OssBucketName as pulumi.Output<unknown>)).toBe(
    'shop-dev-uploads-30eb3e3c',
  )
  for (const key of ['OssClientAddress', 'ApplicationServerAddress', 'EcsInstanceId']) {
    expect(await resolved(outputs[key] as pulumi.Output<unknown>)).toBeUndefined()
  }
})

test('one error lists every invalid setting', async () => {
  vi.stubEnv('PULUMI_CONFIG_SECRET_KEYS', '[]')
  await expect(runProgram({ password: SECRETS.password, bandwidth: 'fast' })).rejects.toThrow(
    new pulumi.RunError(
      "The stack's configuration cannot be used:\n" +
        '  bandwidth must be a whole number from 1 to 200\n' +
        '  password must be set as a secret: pulumi config set --secret password',
    ),
  )
})

test('a mainland region gives a warning', async () => {
  const warn = vi.spyOn(pulumi.log, 'warn').mockResolvedValue()
  await runProgram({}, { region: 'cn-hangzhou' })
  expect(warn.mock.calls).toEqual([
    [expect.stringMatching(/^cn-hangzhou lies in the Chinese mainland, /)],
  ])
})

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  if ('secret' in value) return 'hidden'
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]),
  )
}
