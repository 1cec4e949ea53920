import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { requestOss } from './cloud-client.ts'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'

const REGION = 'ap-southeast-1'

/** Returns the options of `npm run up -- ` that docs/deploying.md documents. */
async function documentedOptions(): Promise<string[]> {
  const page = await readFile(new URL('../../../docs/deploying.md', import.meta.url), 'utf8')
  const [, options = ''] = /`npm run up -- (--replace [^`]+)`/.exec(page) ?? []
  return options.replaceAll('"', '').split(' ')
}

test('the documented command rotates the key: first a new server, then the old key is deleted', async () => {
  const options = await documentedOptions()
  expect(options).toHaveLength(2)
  const { cloud, page, project } = await setUpDeployment()
  expectSuccess(await project.up())
  const before = await project.outputs()
  const bucket = before.OssBucketName ?? ''
  const oldKey = await project.accessKey()

  expectSuccess(await project.up(...options))
  const after = await project.outputs()
  expect(after).toEqual({
    ...before,
    EcsInstanceId: after.EcsInstanceId,
    EcsLoginAddress: after.EcsLoginAddress,
  })
  expect(after.EcsInstanceId).not.toBe(before.EcsInstanceId)
  const newKey = await project.accessKey()
  expect(newKey.accessKeyId).not.toBe(oldKey.accessKeyId)
  const put = { bucket, key: 'upload/a.txt', method: 'PUT', body: 'a' } as const
  expect(await requestOss(cloud, oldKey, REGION, put)).toBe('403 InvalidAccessKeyId')
  expect(await requestOss(cloud, newKey, REGION, put)).toBe('200')
  expect(page.userData(after.EcsInstanceId ?? '')).not.toContain(newKey.accessKeySecret)

  // The old key stays valid as long as a server signs with it.
  const at = (action: string) => cloud.audit.find({ action, succeeded: true }).at(-1)?.at ?? ''
  expect(at('ecs:RunInstances') < at('ecs:DeleteInstance')).toBe(true)
  expect(at('ecs:DeleteInstance') <= at('ram:DeleteAccessKey')).toBe(true)

  expectSuccess(await project.preview('--expect-no-changes'))
  await destroyCleanly(cloud, project)
})
