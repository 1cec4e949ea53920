import { expect, test } from 'vitest'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'

/**
 * Actions that create something, each of whose responses is lost once. Without those of RAM and PutBucket:
 * the provider then fails because the resource exists already.
 */
const CREATING = [
  'vpc:CreateVpc',
  'vpc:CreateVSwitch',
  'vpc:AllocateEipAddress',
  'ecs:CreateSecurityGroup',
  'ecs:RunInstances',
]

test('throttling and lost responses create no resource twice', async () => {
  // Other calls of RAM find a new user late, and the provider does not repeat them.
  const { cloud, project } = await setUpDeployment({ cloud: { userLagMs: 2500 } })
  for (const action of CREATING) cloud.faults.add({ kind: 'lost-response', action, times: 1 })
  const throttled = (['throttle', 'unavailable'] as const).flatMap((kind) =>
    ['ecs:*', 'vpc:*'].map((action) => cloud.faults.add({ kind, action, probability: 0.05 })),
  )
  // The provider retries most calls, not all; the next update completes the rest.
  if ((await project.up()).code !== 0) {
    for (const fault of throttled) fault.remove()
    expectSuccess(await project.up())
  }
  expectSuccess(await project.preview('--expect-no-changes'))
  const cut = cloud.audit.entries.filter(({ fault }) => fault === 'lost-response')
  expect(cut.map(({ action }) => action).toSorted()).toEqual([...CREATING].toSorted())
  expect(cloud.audit.entries.filter(({ code }) => code === 'EntityNotExist.User')).toEqual([])
  expect(cloud.audit.entries.filter(({ fault }) => fault === 'throttle').length).toBeGreaterThan(0)
  const kinds = (await cloud.leftovers()).map((line) => line.replace(/ [^ ]*$/, ''))
  expect(kinds.filter((kind) => /^(vpc|vswitch|security group|instance|eip)$/.test(kind))).toEqual([
    'vpc',
    'vswitch',
    'security group',
    'instance',
    'eip',
  ])
  await destroyCleanly(cloud, project)
})
