import { expect, test } from 'vitest'
import { stackCloud, wentWell } from './deployment-setup.ts'

test.each([
  ['is completed by the next', true],
  ['is cleaned up by destroy', false],
])('an update that was interrupted %s', async (_what, again) => {
  const { cloud, project } = await stackCloud()
  const run = await project.run(
    ['up', '--yes', '--skip-preview'],
    /ecs:Instance server-instance creating/,
  )
  expect(run.code).not.toBe(0)
  expect(run.output).toContain('server-instance creating')
  if (again) {
    wentWell(await project.up())
    wentWell(await project.preview('--expect-no-changes'))
    expect((await cloud.leftovers()).filter((line) => line.startsWith('instance '))).toHaveLength(1)
  }
  wentWell(await project.destroy())
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
})
