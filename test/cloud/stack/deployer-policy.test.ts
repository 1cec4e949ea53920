import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { RamPolicy } from '../../../app/oss/index.ts'
import { callOss } from './cloud-client.ts'
import { stackCloud, wentWell } from './deployment-setup.ts'

const REGION = 'ap-southeast-1'
const POLICY = new URL('../../../docs/deployer-policy.json', import.meta.url)

test('a RAM user with the documented policy deploys, changes and destroys, and needs all of it', async () => {
  const policy = JSON.parse(await readFile(POLICY, 'utf8')) as RamPolicy
  const documented = policy.Statement.flatMap(({ Action }) => Action ?? [])
  const { cloud, page, project } = await stackCloud({
    cloud: { deployer: { userName: 'deployer', policies: [policy] } },
  })
  wentWell(await project.up())
  wentWell(await project.refresh('--expect-no-changes'))
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
  wentWell(await project.up())
  // What a server keeps in the bucket of its release goes with it.
  const { OssBucketName: bucket = '', OssClientAddress } = await project.outputs()
  expect(OssClientAddress).toMatch(/^https:\/\/[\d.]+$/)
  const { store } = await cloud.storage.region(REGION)
  const releases = store.list().filter(({ settings }) => settings.name !== bucket)
  const kept = { bucket: releases[0]?.settings.name ?? '', key: 'acme/account.json' }
  const put = { ...kept, method: 'PUT', body: '{}' } as const
  expect(await callOss(cloud, cloud.deployer, REGION, put)).toBe('200')
  const password = 'Correct-Horse-7'
  await project.configure({ bandwidth: 20, objectExpiryDays: 0, tags: {} }, { password })
  wentWell(await project.up())
  wentWell(await project.preview('--expect-no-changes'))

  const key = await project.accessKey()
  const upload = {
    bucket,
    key: 'incoming/large.bin',
    method: 'POST',
    query: { uploads: '' },
  } as const
  expect(await callOss(cloud, key, REGION, upload)).toBe('200')
  // The server's key lists and gives up parts now; what it leaves, whoever destroys gives up.
  const [{ uploadId } = { uploadId: '' }] = (await store.find(bucket)?.uploads.list()) ?? []
  const begun = { bucket, key: upload.key, query: { uploadId } }
  expect(await callOss(cloud, key, REGION, { ...begun, method: 'GET' })).toBe('200')
  expect(await callOss(cloud, key, REGION, { ...begun, method: 'DELETE' })).toBe('204')
  expect(await callOss(cloud, key, REGION, upload)).toBe('200')
  wentWell(await project.destroy())
  expect(await cloud.leftovers()).toEqual([])
  const used = cloud.audit.permissionsUsed('user/deployer')
  expect(used).toEqual(documented.toSorted())
  expect(cloud.failures).toEqual([])
})
