import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { stackCloud, wentWell } from './stack-cloud.ts'

const PASSWORD = 'Correct-Horse-7'
const ACCESS_CODE = 'let-me-in-please'

test('every setting reaches what it is for', async () => {
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
    corsOrigins: ['https://photos.example'],
    allowedTypes: ['.jpg', 'image/*'],
    maxSize: 1_000_000,
    uploadDir: 'incoming/',
    expiresSeconds: 60,
    objectExpiryDays: 30,
    callback: true,
    signatureVersion: 'v1',
    naming: 'keep',
    credentials: 'instance-role',
    uploadHost: 'https://files.example',
    signaturesPerMinute: 30,
    tags: { team: 'photos' },
    readyMinutes: 3,
  }
  const schema = parse(
    await readFile(new URL('../../../Pulumi.yaml', import.meta.url), 'utf8'),
  ) as {
    config: Record<string, unknown>
  }
  expect(Object.keys(schema.config).toSorted()).toEqual(
    [...Object.keys(config), 'password', 'accessCode'].toSorted(),
  )

  const { cloud, page, project } = await stackCloud({
    config,
    secrets: { password: PASSWORD, accessCode: ACCESS_CODE },
  })
  const up = wentWell(await project.up())
  expect(up.output).toContain('callback is on, but allowedCidrs keeps OSS out')
  const { EcsInstanceId = '', OssBucketName, OssClientAddress } = await project.outputs()
  expect(OssBucketName).toBe('photos-of-the-test')
  const settings = page.environment(EcsInstanceId)
  expect(settings).toEqual({
    ALLOWED_TYPES: '.jpg,image/*',
    CALLBACK_URL: `${OssClientAddress}/callback`,
    CORS_ORIGINS: 'https://photos.example',
    CREDENTIALS: 'instance-role',
    EXPIRES_SECONDS: '60',
    INSTANCE_ROLE: 'oss-direct-upload-dev-server',
    MAX_SIZE: '1000000',
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
  for (const secret of [PASSWORD, ACCESS_CODE]) {
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
  expect(bucket?.settings.cors?.rules[0]?.allowedOrigins).toEqual([
    OssClientAddress,
    'https://photos.example',
  ])
  expect(bucket?.settings.documents.lifecycle).toContain('<Days>30</Days>')
  expect(bucket?.settings.documents.tagging).toContain('<Key>team</Key>')

  wentWell(await project.preview('--expect-no-changes'))
  wentWell(await project.destroy())
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
})
