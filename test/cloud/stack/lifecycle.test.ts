import { expect, test } from 'vitest'
import { requestOss, requestRpc } from './cloud-client.ts'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'

const REGION = 'ap-southeast-1'

test('a stack deploys, is stable, updates, and leaves nothing behind', async () => {
  const { cloud, page, project } = await setUpDeployment()

  // The outputs are those of the quick deploy.
  const { output: upOutput } = expectSuccess(await project.up())
  const outputs = await project.outputs()
  const address = outputs.OssClientAddress?.replace('http://', '') ?? ''
  const instanceId = outputs.EcsInstanceId ?? ''
  const bucket = outputs.OssBucketName ?? ''
  expect(address).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
  expect(outputs).toEqual({
    OssClientAddress: `http://${address}`,
    ApplicationServerAddress: `${address}:80`,
    EcsInstanceId: expect.stringMatching(/^i-[a-z0-9]+$/),
    EipAllocationId: expect.stringMatching(/^eip-[a-z0-9]+$/),
    OssBucketName: expect.stringMatching(/^oss-direct-upload-dev-uploads-[0-9a-f]{8}$/),
    EcsLoginAddress: `https://ecs-workbench.aliyun.com/?from=EcsConsole&instanceType=ecs&regionId=${REGION}&instanceId=${instanceId}`,
  })

  // Without a change, preview and refresh report none.
  expectSuccess(await project.preview('--expect-no-changes'))
  expectSuccess(await project.refresh('--expect-no-changes'))
  expectSuccess(await project.preview('--expect-no-changes'))

  // The uploader's key may only put objects under upload/.
  const key = await project.accessKey()
  const oss = (call: Parameters<typeof requestOss>[3]) => requestOss(cloud, key, REGION, call)
  const body = 'hello'
  expect(await oss({ bucket, key: 'upload/a.txt', method: 'PUT', body })).toBe('200')
  expect(await oss({ bucket, key: 'upload/a.txt', method: 'PUT', body })).toBe(
    '409 FileAlreadyExists',
  )
  const { store } = await cloud.storage.region(REGION)
  const buckets = store.list().map(({ settings }) => settings.name)
  const [releaseBucket = ''] = buckets.filter((name) => name !== bucket)
  expect(releaseBucket).toMatch(/^oss-direct-upload-dev-release-[0-9a-f]{8}$/)
  for (const call of [
    { bucket, key: 'upload/a.txt', method: 'GET' },
    { bucket, key: 'upload/a.txt', method: 'HEAD' },
    { bucket, key: 'upload/a.txt', method: 'DELETE' },
    { bucket, key: 'a.txt', method: 'PUT', body },
    { bucket, key: 'uploads/a.txt', method: 'PUT', body },
    { bucket, method: 'GET', query: { 'list-type': '2' } },
    { bucket, method: 'GET', query: { uploads: '' } },
    { bucket, method: 'GET', query: { policy: '' } },
    { bucket, method: 'DELETE', query: { policy: '' } },
    { bucket, method: 'DELETE', query: { cors: '' } },
    { bucket, method: 'DELETE' },
    { bucket: releaseBucket, method: 'GET', query: { 'list-type': '2' } },
    { bucket: releaseBucket, key: 'upload/a.txt', method: 'PUT', body },
  ] as const) {
    const outcome = call.method === 'HEAD' ? '403' : '403 AccessDenied'
    expect(await oss(call), JSON.stringify(call)).toBe(outcome)
  }
  const apis: [host: string, version: string, action: string][] = [
    [`ecs.${REGION}.aliyuncs.com`, '2014-05-26', 'DescribeInstances'],
    [`vpc.${REGION}.aliyuncs.com`, '2016-04-28', 'DescribeEipAddresses'],
    ['ram.aliyuncs.com', '2015-05-01', 'ListUsers'],
  ]
  for (const [host, Version, Action] of apis) {
    const parameters = { Action, Version, RegionId: REGION }
    const call = Action === 'ListUsers' ? { Action, Version } : parameters
    expect(await requestRpc(cloud, key, host, call), Action).toMatch(
      /^403 (NoPermission|Forbidden)/,
    )
  }

  // User data, state and output contain no secret.
  for (const text of [page.userData(instanceId), await project.state(), upOutput]) {
    expect(text).not.toContain(key.accessKeySecret)
  }

  // A server setting or a new release replaces the instance; the address stays.
  await project.configure({ generalForm: true })
  expectSuccess(await project.up())
  const second = await project.outputs()
  expect(second).toEqual({
    ...outputs,
    EcsInstanceId: second.EcsInstanceId,
    EcsLoginAddress: second.EcsLoginAddress,
  })
  expect(second.EcsInstanceId).not.toBe(instanceId)
  const secondEnvironment = page.environment(second.EcsInstanceId ?? '')
  expect(secondEnvironment.GENERAL_FORM).toBe('on')
  await project.edit('app/server/main.ts', (text) => `${text}\nconsole.log('a new release')\n`)
  expectSuccess(await project.up())
  const third = await project.outputs()
  expect(third.OssClientAddress).toBe(outputs.OssClientAddress)
  expect(third.EcsInstanceId).not.toBe(second.EcsInstanceId)
  expect(page.environment(third.EcsInstanceId ?? '').RELEASE).not.toBe(secondEnvironment.RELEASE)
  expectSuccess(await project.preview('--expect-no-changes'))
  const created = cloud.audit.find({ action: 'ecs:RunInstances', succeeded: true })
  const deleted = cloud.audit.find({ action: 'ecs:DeleteInstance', succeeded: true })
  expect([created.length, deleted.length]).toEqual([3, 2])
  created.slice(1).forEach(({ at }, i) => {
    expect(at < (deleted[i]?.at ?? '')).toBe(true)
  })

  // Destroying it, with an object in the bucket, leaves an empty account.
  expect(await cloud.leftovers()).not.toEqual([])
  await destroyCleanly(cloud, project)
})
