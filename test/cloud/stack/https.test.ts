import { expect, test } from 'vitest'
import { requestOss } from './cloud-client.ts'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'

const REGION = 'ap-southeast-1'
const UNIT = '/etc/systemd/system/oss-direct-upload.service'

test('https for a domain: up ends when it is served; permissions and ports are the minimum', async () => {
  const { cloud, page, project } = await setUpDeployment({
    config: { https: true, domain: 'photos.example', callback: true, readyMinutes: 5 },
  })
  const compute = cloud.account.compute(REGION)

  // The update waits for DNS and for the certificate, and says so.
  const up = project.up()
  const attempts = () => cloud.audit.find({ host: 'photos.example' })
  await expect.poll(() => attempts().length, { timeout: 240_000, interval: 500 }).toBeGreaterThan(6)
  const [eip = ''] = cloud.audit
    .find({ action: '' })
    .filter(({ parameters }) => parameters.url === '/healthz')
    .map(({ host }) => host)
  cloud.names.set('photos.example', eip)
  page.authority = cloud.authority
  const { output } = expectSuccess(await up)
  expect(output).toContain(`: http://${eip} answers, but by https: `)
  expect(output).toContain(`; ${page.problem}; photos.example has to lead to ${eip}`)
  const { EcsInstanceId = '', OssBucketName = '', ...outputs } = await project.outputs()
  expect(outputs).toMatchObject({
    OssClientAddress: 'https://photos.example',
    ApplicationServerAddress: `${eip}:80`,
  })

  // The server's settings and its open ports.
  const [releaseBucket = ''] = (await cloud.storage.region(REGION)).store
    .list()
    .map(({ settings }) => settings.name)
    .filter((name) => name !== OssBucketName)
  const environment = page.environment(EcsInstanceId)
  expect(environment).toMatchObject({
    HTTPS_NAME: 'photos.example',
    CERTIFICATE_DIR: '/var/lib/oss-direct-upload',
    CERTIFICATE_BUCKET: releaseBucket,
    INSTANCE_ROLE: 'oss-direct-upload-dev-server',
    CREDENTIALS: 'access-key',
    CALLBACK_URL: `http://${eip}/callback`,
  })
  expect(page.file(EcsInstanceId, UNIT)).toContain('\nStateDirectory=oss-direct-upload\n')
  const rules = () =>
    compute
      .publicRoute(eip)
      ?.rules.map(({ ports, source }) => `${ports.join('-')} ${source}`)
      .toSorted()
  expect(rules()).toEqual(['443-443 0.0.0.0/0', '80-80 0.0.0.0/0'])
  const { store } = await cloud.storage.region(REGION)
  const origins = () => store.find(OssBucketName)?.settings.cors?.rules[0]?.allowedOrigins
  expect(origins()?.toSorted()).toEqual([
    `http://${eip}`,
    'http://photos.example',
    'https://photos.example',
  ])

  // The role may store a certificate in the release bucket, and has no other access to it.
  const role = cloud.roleCredentials(EcsInstanceId)
  if (!role) throw new Error('The instance has no role')
  const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, SecurityToken } = role
  const credentials = { accessKeyId, accessKeySecret, securityToken: SecurityToken }
  const oss = (method: 'GET' | 'PUT' | 'DELETE', key: string, bucket = releaseBucket) =>
    requestOss(cloud, credentials, REGION, {
      bucket,
      key,
      method,
      ...(method === 'PUT' && { body: 'x' }),
    })
  expect(await oss('GET', 'acme/account.json')).toBe('404 NoSuchKey')
  expect(await oss('PUT', 'acme/account.json')).toBe('200')
  expect(await oss('GET', 'acme/account.json')).toBe('200')
  for (const denied of [
    oss('DELETE', 'acme/account.json'),
    oss('PUT', 'app/account.json'),
    oss('PUT', 'acme.json'),
    oss('PUT', 'acme/account.json', OssBucketName),
    oss('PUT', 'upload/a.txt', OssBucketName),
  ]) {
    expect(await denied).toBe('403 AccessDenied')
  }

  expectSuccess(await project.preview('--expect-no-changes'))
  await destroyCleanly(cloud, project)
})
