import { expect, test } from 'vitest'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'

test.each([
  ['is completed by the next one', true],
  ['is cleaned up by destroy', false],
])('an update that was interrupted %s', async (_what, again) => {
  const { cloud, project } = await setUpDeployment()
  const run = await project.run(
    ['up', '--yes', '--skip-preview'],
    /ecs:Instance server-instance creating/,
  )
  expect(run.code).not.toBe(0)
  expect(run.output).toContain('server-instance creating')
  if (again) {
    expectSuccess(await project.up())
    expectSuccess(await project.preview('--expect-no-changes'))
    expect((await cloud.leftovers()).filter((line) => line.startsWith('instance '))).toHaveLength(1)
  }
  await destroyCleanly(cloud, project)
})
