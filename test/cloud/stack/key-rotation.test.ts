import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { callOss } from './cloud-client.ts'
import { stackCloud, wentWell } from './deployment-setup.ts'

const REGION = 'ap-southeast-1'

/** What the README has for it, behind `npm run up -- `. */
async function documentedOptions(): Promise<string[]> {
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8')
  const [, options = ''] = /`npm run up -- (--replace [^`]+)`/.exec(readme) ?? []
  return options.replaceAll('"', '').split(' ')
}

test('the documented command rotates the key: a new server first, then the old key is gone', async () => {
  const options = await documentedOptions()
  expect(options).toHaveLength(2)
  const { cloud, page, project } = await stackCloud()
  wentWell(await project.up())
  const before = await project.outputs()
  const bucket = before.OssBucketName ?? ''
  const oldKey = await project.accessKey()

  wentWell(await project.up(...options))
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
  expect(await callOss(cloud, oldKey, REGION, put)).toBe('403 InvalidAccessKeyId')
  expect(await callOss(cloud, newKey, REGION, put)).toBe('200')
  expect(page.userData(after.EcsInstanceId ?? '')).not.toContain(newKey.accessKeySecret)

  // The old key was good for as long as there was a server that signs with it.
  const at = (action: string) => cloud.audit.find({ action, succeeded: true }).at(-1)?.at ?? ''
  expect(at('ecs:RunInstances') < at('ecs:DeleteInstance')).toBe(true)
  expect(at('ecs:DeleteInstance') <= at('ram:DeleteAccessKey')).toBe(true)

  wentWell(await project.preview('--expect-no-changes'))
  wentWell(await project.destroy())
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
})
