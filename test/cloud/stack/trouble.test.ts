import { expect, test } from 'vitest'
import { stackCloud, wentWell } from './stack-cloud.ts'

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

test('throttled, and with answers lost, an update makes everything once', async () => {
  const { cloud, project } = await stackCloud()
  for (const action of CREATING) cloud.faults.add({ kind: 'lost-response', action, times: 1 })
  for (const kind of ['throttle', 'unavailable'] as const) {
    for (const action of ['ecs:*', 'vpc:*']) cloud.faults.add({ kind, action, probability: 0.05 })
  }
  wentWell(await project.up())
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
