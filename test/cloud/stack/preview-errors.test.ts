import { expect, test } from 'vitest'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'

test('a preview reports all invalid settings at once', async () => {
  const { cloud, project } = await setUpDeployment({
    config: {
      bucketName: 'Photos',
      allowedCidrs: ['0.0.0.0'],
      expiresSeconds: 0,
      uploadDir: '/upload',
      signatureVersion: 'v2',
      corsOrigins: ['photos.example'],
    },
    secrets: { password: 'short', accessCode: 'code' },
  })
  const { code, output } = await project.preview()
  expect(code).not.toBe(0)
  for (const name of [
    'bucketName',
    'allowedCidrs',
    'expiresSeconds',
    'uploadDir',
    'signatureVersion',
    'corsOrigins',
    'password',
    'accessCode',
  ]) {
    expect(output).toContain(name)
  }
  expect(output).not.toMatch(/^ +at /m)
  expect(output).not.toContain('short')
  expect(cloud.audit.find({ action: 'ecs:RunInstances' })).toEqual([])
})

test('a preview reports that no instance type is in stock', async () => {
  const { cloud, project } = await setUpDeployment()
  const { catalogue } = cloud.account.compute('ap-southeast-1')
  for (const { id } of catalogue.instanceTypes()) catalogue.sellOut(id)
  const { code, output } = await project.preview()
  expect(code).not.toBe(0)
  expect(output).toMatch(/No (suitable )?instance type/i)
  expect(output).not.toMatch(/^ +at /m)
})

test('a preview reports that the bucket name belongs to another account', async () => {
  const { project } = await setUpDeployment({
    cloud: { takenBuckets: ['photos'] },
    config: { bucketName: 'photos' },
  })
  const { code, output } = await project.preview()
  expect(code).not.toBe(0)
  expect(output).toMatch(
    /^ *error: The bucket name photos belongs to another account: set bucketName to another name, or leave it out\.$/m,
  )
  expect(output).not.toMatch(/^ +at /m)
  await project.configure({ bucketName: 'photos-of-mine' })
  expectSuccess(await project.preview())
})

test('a preview reports which quotas of the account have no room for the stack', async () => {
  const { cloud, project } = await setUpDeployment()
  const { limits } = cloud.account.compute('ap-southeast-1')
  Object.assign(limits, { vpcs: 0, eips: 0, vcpus: 0 })
  const { code, output } = await project.preview()
  expect(code).not.toBe(0)
  for (const what of ['VPCs', 'EIPs', 'vCPUs of pay-as-you-go instances']) {
    expect(output).toContain(
      `The account's quota of ${what} in ap-southeast-1 has room for 0 more (0 of 0 are used), and this stack needs 1: ` +
        'release what is not needed, or raise it in the Quota Center.',
    )
  }
  expect(output).not.toMatch(/^ +at /m)

  // Once the stack exists, its own resources may have used the rest.
  Object.assign(limits, { vpcs: 1, eips: 1, vcpus: 2 })
  expectSuccess(await project.up())
  expectSuccess(await project.preview('--expect-no-changes'))
  await destroyCleanly(cloud, project)
})

test('a region in the Chinese mainland causes a warning', async () => {
  const { project } = await setUpDeployment({ config: { 'alicloud:region': 'cn-hangzhou' } })
  const { output } = expectSuccess(await project.preview())
  expect(output).toContain('cn-hangzhou lies in the Chinese mainland')
  expect(output).toContain('uploadHost')
})

test('a preview reports missing permissions without a stack trace', async () => {
  const { project } = await setUpDeployment({
    cloud: { deployer: { userName: 'nobody', policies: [] } },
  })
  const { code, output } = await project.preview()
  expect(code).not.toBe(0)
  expect(output).toMatch(/NoPermission|Forbidden/)
  expect(output).not.toMatch(/^ +at /m)
})
