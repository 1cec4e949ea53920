import { expect, test } from 'vitest'
import { stackCloud, wentWell } from './deployment-setup.ts'

/**
 * Calls that make something, whose answers get lost once each. Not those of RAM and of PutBucket: the
 * provider does not ask for what they have made, and says that it exists already.
 */
const CREATING = [
  'vpc:CreateVpc',
  'vpc:CreateVSwitch',
  'vpc:AllocateEipAddress',
  'ecs:CreateSecurityGroup',
  'ecs:RunInstances',
]

test('throttled, and with answers lost, a stack comes up with nothing made twice', async () => {
  const { cloud, project } = await stackCloud()
  for (const action of CREATING) cloud.faults.add({ kind: 'lost-response', action, times: 1 })
  const throttled = (['throttle', 'unavailable'] as const).flatMap((kind) =>
    ['ecs:*', 'vpc:*'].map((action) => cloud.faults.add({ kind, action, probability: 0.05 })),
  )
  // The provider asks again for most calls, not for all; what it gives up the next update takes up.
  if ((await project.up()).code !== 0) {
    for (const fault of throttled) fault.remove()
    wentWell(await project.up())
  }
  wentWell(await project.preview('--expect-no-changes'))
  const cut = cloud.audit.entries.filter(({ fault }) => fault === 'lost-response')
  expect(cut.map(({ action }) => action).toSorted()).toEqual([...CREATING].toSorted())
  expect(cloud.audit.entries.filter(({ fault }) => fault === 'throttle').length).toBeGreaterThan(0)
  const kinds = (await cloud.leftovers()).map((line) => line.replace(/ [^ ]*$/, ''))
  expect(kinds.filter((kind) => /^(vpc|vswitch|security group|instance|eip)$/.test(kind))).toEqual([
    'vpc',
    'vswitch',
    'security group',
    'instance',
    'eip',
  ])
  wentWell(await project.destroy())
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
})
