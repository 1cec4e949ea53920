import { expect, test } from 'vitest'
import { stackCloud, wentWell } from './deployment-setup.ts'

test('an update that fails half-way is completed by the next', async () => {
  const { cloud, project } = await stackCloud()
  cloud.faults.add({ kind: 'refuse', action: 'ecs:RunInstances', times: 1 })
  const failed = await project.up()
  expect(failed.code).not.toBe(0)
  expect(await cloud.leftovers()).not.toEqual([])
  wentWell(await project.up())
  wentWell(await project.preview('--expect-no-changes'))
  wentWell(await project.destroy())
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
})

test('what an update that failed half-way has made is destroyed', async () => {
  const { cloud, page, project } = await stackCloud({ config: { readyMinutes: 1 } })
  page.broken = true
  const failed = await project.up()
  expect(failed.code).not.toBe(0)
  // Said once the stated time is over: what was asked, what came back, and where to look.
  const { EcsInstanceId = '' } = await project.outputs()
  expect(failed.output).toMatch(/http:\/\/\d+\.\d+\.\d+\.\d+\/healthz/)
  expect(failed.output).toContain('502')
  expect(failed.output).toContain('journalctl -u oss-direct-upload')
  expect(failed.output).toContain('https://ecs-workbench.aliyun.com/')
  expect(EcsInstanceId === '' || failed.output.includes(EcsInstanceId)).toBe(true)
  wentWell(await project.destroy())
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
})
