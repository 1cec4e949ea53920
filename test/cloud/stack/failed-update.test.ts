import { expect, test } from 'vitest'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'

test('the next update completes one that has failed half-way', async () => {
  const { cloud, project } = await setUpDeployment()
  cloud.faults.add({ kind: 'refuse', action: 'ecs:RunInstances', times: 1 })
  const failed = await project.up()
  expect(failed.code).not.toBe(0)
  expect(await cloud.leftovers()).not.toEqual([])
  expectSuccess(await project.up())
  expectSuccess(await project.preview('--expect-no-changes'))
  await destroyCleanly(cloud, project)
})

test('destroy removes the resources of an update that has failed half-way', async () => {
  const { cloud, page, project } = await setUpDeployment({ config: { readyMinutes: 1 } })
  page.broken = true
  const failed = await project.up()
  expect(failed.code).not.toBe(0)
  // After readyMinutes the error names the request, its response, and where to look.
  const { EcsInstanceId = '' } = await project.outputs()
  expect(failed.output).toMatch(/http:\/\/\d+\.\d+\.\d+\.\d+\/healthz/)
  expect(failed.output).toContain('502')
  expect(failed.output).toContain('journalctl -u oss-direct-upload')
  expect(failed.output).toContain('https://ecs-workbench.aliyun.com/')
  expect(EcsInstanceId === '' || failed.output.includes(EcsInstanceId)).toBe(true)
  await destroyCleanly(cloud, project)
})
