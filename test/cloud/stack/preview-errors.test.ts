import { expect, test } from 'vitest'
import { stackCloud, wentWell } from './deployment-setup.ts'

test('mistakes are told at preview, all of them at once', async () => {
  const { cloud, project } = await stackCloud({
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

test('where nothing is in stock, a sentence says so', async () => {
  const { cloud, project } = await stackCloud()
  const { catalogue } = cloud.account.compute('ap-southeast-1')
  for (const { id } of catalogue.instanceTypes()) catalogue.sellOut(id)
  const { code, output } = await project.preview()
  expect(code).not.toBe(0)
  expect(output).toMatch(/No (suitable )?instance type/i)
  expect(output).not.toMatch(/^ +at /m)
})

test('a region of the mainland is deployed to with a warning', async () => {
  const { project } = await stackCloud({ config: { 'alicloud:region': 'cn-hangzhou' } })
  const { output } = wentWell(await project.preview())
  expect(output).toContain('cn-hangzhou lies in the Chinese mainland')
  expect(output).toContain('uploadHost')
})

test('a key that is refused is told as what it is', async () => {
  const { project } = await stackCloud({
    cloud: { deployer: { userName: 'nobody', policies: [] } },
  })
  const { code, output } = await project.preview()
  expect(code).not.toBe(0)
  expect(output).toMatch(/NoPermission|Forbidden/)
  expect(output).not.toMatch(/^ +at /m)
})
