import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { RamPolicy } from '../../../app/oss/index.ts'
import { requestOss } from './cloud-client.ts'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'
import { actionsOf, expectMeasured } from './measured-policy.ts'

const REGION = 'ap-southeast-1'
const POLICY = new URL('../../../docs/deployer-policy.json', import.meta.url)

test('the documented policy is necessary and sufficient to deploy, update and destroy', async () => {
  const policy = JSON.parse(await readFile(POLICY, 'utf8')) as RamPolicy
  const { cloud, page, project } = await setUpDeployment({
    // An account that encrypts disks by default shows no difference.
    cloud: { encryptsDisks: true, deployer: { userName: 'deployer', policies: [policy] } },
  })
  expectSuccess(await project.up())
  expectSuccess(await project.refresh('--expect-no-changes'))
  page.authority = cloud.authority
  await project.configure({
    allowedTypes: ['.jpg'],
    https: true,
    largeFiles: true,
    objectExpiryDays: 3,
    sshCidrs: ['198.51.100.7/32'],
    tags: { team: 'photos' },
    uploadDir: 'incoming/',
  })
  expectSuccess(await project.up())
  // Objects that the server stores in the release bucket are deleted with it.
  const { OssBucketName: bucket = '', OssClientAddress } = await project.outputs()
  expect(OssClientAddress).toMatch(/^https:\/\/[\d.]+$/)
  const { store } = await cloud.storage.region(REGION)
  const releases = store.list().filter(({ settings }) => settings.name !== bucket)
  const account = { bucket: releases[0]?.settings.name ?? '', key: 'acme/account.json' }
  const put = { ...account, method: 'PUT', body: '{}' } as const
  expect(await requestOss(cloud, cloud.deployer, REGION, put)).toBe('200')
  const password = 'Correct-Horse-7'
  await project.configure({ bandwidth: 20, objectExpiryDays: 0, tags: {} }, { password })
  expectSuccess(await project.up())
  expectSuccess(await project.preview('--expect-no-changes'))

  const key = await project.accessKey()
  const upload = {
    bucket,
    key: 'incoming/large.bin',
    method: 'POST',
    query: { uploads: '' },
  } as const
  expect(await requestOss(cloud, key, REGION, upload)).toBe('200')
  // The server's key may list parts and abort uploads; destroy aborts the rest.
  const [{ uploadId } = { uploadId: '' }] = (await store.find(bucket)?.uploads.list()) ?? []
  const unfinished = { bucket, key: upload.key, query: { uploadId } }
  expect(await requestOss(cloud, key, REGION, { ...unfinished, method: 'GET' })).toBe('200')
  expect(await requestOss(cloud, key, REGION, { ...unfinished, method: 'DELETE' })).toBe('204')
  expect(await requestOss(cloud, key, REGION, upload)).toBe('200')
  await destroyCleanly(cloud, project)
  const used = cloud.audit.permissionsUsed('user/deployer')
  // OSS may ask for it when objects are deleted of which there are versions.
  expectMeasured(used, actionsOf(policy), ['oss:DeleteObjectVersion'])
})
