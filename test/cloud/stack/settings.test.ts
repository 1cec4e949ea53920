import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { SimulatedCloud } from 'simulated-cloud'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { secretFile } from '../../../infra/release/secret-file.ts'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'

const PASSWORD = 'Correct-Horse-7'
const ACCESS_CODE = 'let-me-in-please'
/** Covered by other tests. */
const OTHER_SETTINGS = [
  'https',
  'domain',
  'acmeDirectory',
  'instances',
  'certificateId',
  'generalForm',
]

/** Returns the one file of secret variables in the release bucket. */
async function secretsFile(cloud: SimulatedCloud, region: string): Promise<string> {
  const { store } = await cloud.storage.region(region)
  const release = store.list().find(({ settings }) => settings.name.includes('-release-'))
  const listed = await release?.objects.list({ prefix: 'secrets/', max: 10 })
  expect(listed?.objects).toHaveLength(1)
  const file = await release?.objects.open(listed?.objects[0]?.key ?? '')
  if (!file) throw new Error('There is no file of secrets')
  return text(file.stream())
}

test('every setting takes effect', async () => {
  const config = {
    'alicloud:region': 'cn-hangzhou',
    bucketName: 'photos-of-the-test',
    zoneId: 'cn-hangzhou-k',
    architecture: 'arm64',
    instanceType: 'ecs.g8y.large',
    systemDiskCategory: 'cloud_essd',
    allowedCidrs: ['198.51.100.0/24', '203.0.113.0/24'],
    sshCidrs: ['198.51.100.7/32'],
    bandwidth: 10,
    corsOrigins: ['https://photos.example', 'https://*.photos.example', 'capacitor://localhost'],
    allowedTypes: ['.jpg', 'image/*'],
    maxSize: 6_000_000_000,
    largeFiles: true,
    uploadDir: 'incoming/',
    expiresSeconds: 60,
    objectExpiryDays: 30,
    callback: true,
    checkUploads: true,
    signatureVersion: 'v1',
    naming: 'keep',
    credentials: 'instance-role',
    uploadHost: 'https://files.example',
    signaturesPerMinute: 30,
    filesPerHour: 1000,
    bytesPerHour: 5_000_000_000,
    tags: { team: 'photos' },
    readyMinutes: 3,
  }
  const schema = parse(
    await readFile(new URL('../../../Pulumi.yaml', import.meta.url), 'utf8'),
  ) as {
    config: Record<string, unknown>
  }
  expect(Object.keys(schema.config).toSorted()).toEqual(
    [...Object.keys(config), 'password', 'accessCode', ...OTHER_SETTINGS].toSorted(),
  )

  const { cloud, page, project } = await setUpDeployment({
    config,
    secrets: { password: PASSWORD, accessCode: ACCESS_CODE },
  })
  const up = expectSuccess(await project.up())
  expect(up.output).toContain('callback is on, but allowedCidrs keeps OSS out')
  const { EcsInstanceId = '', OssBucketName, OssClientAddress } = await project.outputs()
  expect(OssBucketName).toBe('photos-of-the-test')
  const settings = page.environment(EcsInstanceId)
  expect(settings).toEqual({
    ALLOWED_TYPES: '.jpg,image/*',
    BYTES_PER_HOUR: '5000000000',
    CALLBACK_URL: `${OssClientAddress}/callback`,
    CHECK_UPLOADS: 'on',
    CORS_ORIGINS: 'https://photos.example,https://*.photos.example,capacitor://localhost',
    CREDENTIALS: 'instance-role',
    EXPIRES_SECONDS: '60',
    FILES_PER_HOUR: '1000',
    INSTANCE_ROLE: 'oss-direct-upload-dev-server',
    MAX_SIZE: '5368709120',
    MULTIPART: 'on',
    MULTIPART_MAX_SIZE: '6000000000',
    NAMING: 'keep',
    NODE_ENV: 'production',
    OSS_BUCKET: 'photos-of-the-test',
    OSS_REGION: 'cn-hangzhou',
    PORT: '80',
    RELEASE: settings.RELEASE,
    SIGNATURES_PER_MINUTE: '30',
    SIGNATURE_VERSION: 'v1',
    UPLOAD_DIR: 'incoming/',
    UPLOAD_HOST: 'https://files.example',
  })
  const secrets = await secretsFile(cloud, 'cn-hangzhou')
  const [, token = ''] = /^TOKEN_SECRET="([\w-]{43})"$/m.exec(secrets) ?? []
  expect(secrets).toBe(secretFile({ TOKEN_SECRET: token, ACCESS_CODE }))
  expect(token).not.toBe('')
  for (const secret of [PASSWORD, ACCESS_CODE, token]) {
    expect(page.userData(EcsInstanceId)).not.toContain(secret)
    expect(await project.state()).not.toContain(secret)
    expect(up.output).not.toContain(secret)
  }
  const compute = cloud.account.compute('cn-hangzhou')
  expect(compute.describeMachine(EcsInstanceId)).toMatchObject({
    instanceType: 'ecs.g8y.large',
    zoneId: 'cn-hangzhou-k',
    ramRoleName: 'oss-direct-upload-dev-server',
  })
  expect(compute.describeMachine(EcsInstanceId)?.imageId).toMatch(/^debian_13_\d+_arm64_/)
  const rules = compute.publicRoute(OssClientAddress?.replace('http://', '') ?? '')?.rules
  expect(rules?.map(({ ports, source }) => `${ports[0]} ${source}`).toSorted()).toEqual([
    '22 198.51.100.7/32',
    '80 198.51.100.0/24',
    '80 203.0.113.0/24',
  ])
  const bucket = (await cloud.storage.region('cn-hangzhou')).store.find('photos-of-the-test')
  // The provider treats them as sets.
  const cors = bucket?.settings.cors?.rules.map((rule) => ({
    origins: rule.allowedOrigins.toSorted(),
    methods: rule.allowedMethods.toSorted(),
    exposed: rule.exposeHeaders?.toSorted(),
  }))
  expect(cors).toEqual([
    {
      origins: [
        'capacitor://localhost',
        OssClientAddress,
        'https://*.photos.example',
        'https://photos.example',
      ],
      methods: ['DELETE', 'GET', 'POST', 'PUT'],
      exposed: ['ETag', 'x-oss-hash-crc64ecma', 'x-oss-request-id'],
    },
  ])
  const policy = cloud.account.directory.findPolicy('Custom', 'oss-direct-upload-dev-server')
  expect(policy?.defaults.at(-1)?.version.policy.Statement[1]).toEqual({
    Effect: 'Allow',
    Action: ['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts', 'oss:GetObject'],
    Resource: ['acs:oss:*:*:photos-of-the-test/incoming/*'],
  })
  expect(bucket?.settings.documents.lifecycle).toContain('<Days>30</Days>')
  expect(bucket?.settings.documents.tagging).toContain('<Key>team</Key>')

  expectSuccess(await project.preview('--expect-no-changes'))

  // Another secret means another file and another server; issued tokens stay valid.
  await project.configure({}, { accessCode: 'another-code' })
  const again = expectSuccess(await project.up())
  expect((await project.outputs()).EcsInstanceId).not.toBe(EcsInstanceId)
  expect(await secretsFile(cloud, 'cn-hangzhou')).toBe(
    secretFile({ TOKEN_SECRET: token, ACCESS_CODE: 'another-code' }),
  )
  expect(again.output).not.toContain(token)
  expect(await project.state()).not.toContain(token)
  await destroyCleanly(cloud, project)
})
