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
/** What `npm run up` says before it repeats what the provider does not. */
const CONTINUING = /^Alibaba Cloud was busy with another operation\. Continuing in 10 seconds/m

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

/** Refusals that pass by themselves, and a call that may get each. The provider does not repeat all of them. */
const TRANSIENT = [
  ['IdempotenceProcessing', 'ecs:RunInstances'],
  ['OperationConflict', 'ecs:CreateSecurityGroup'],
  ['Throttling.ConcurrentLimitExceeded', 'ecs:AuthorizeSecurityGroup'],
  ['LastTokenProcessing', 'ecs:DeleteInstance'],
  ['DependencyViolation.RouteEntry', 'ecs:DeleteInstance'],
  ['OperationFailed.LastTokenProcessing', 'vpc:AllocateEipAddress'],
  ['TaskConflict', 'vpc:CreateVSwitch'],
  ['IncorrectStatus.VpcRouteEntry', 'vpc:CreateVSwitch'],
  ['LastTokenProcessing', 'vpc:AllocateEipAddress'],
  ['FrequentPurchase.EIP', 'vpc:AllocateEipAddress'],
  ['InvalidBindingStatus', 'vpc:AssociateEipAddress'],
  ['InvalidStatus.EcsStatusNotSupport', 'vpc:AssociateEipAddress'],
  ['IncorrectStatus.VSwitch', 'vpc:DeleteVSwitch'],
  ['IncorrectRouteEntryStatus', 'vpc:DeleteVSwitch'],
  ['DependencyViolation.RouteEntry', 'vpc:DeleteVpc'],
] as const

test('refusals that pass delay npm run up and npm run destroy, and fail neither', async () => {
  const { cloud, project } = await setUpDeployment()
  const faults = TRANSIENT.map(([code, action]) =>
    cloud.faults.add({ kind: 'refuse', code, action, times: 1 }),
  )
  // A bare `pulumi up` shows the refusal, and the next update continues.
  cloud.faults.add({ kind: 'refuse', code: 'SystemBusy', action: 'vpc:CreateVpc' })
  const bare = await project.up()
  expect(bare.code).not.toBe(0)
  expect(bare.output).toContain('Code: SystemBusy')
  const up = expectSuccess(await project.runScript('up'))
  expect(up.output).toMatch(CONTINUING)
  expectSuccess(await project.preview('--expect-no-changes'))
  for (const action of CREATING) {
    expect(cloud.audit.find({ action, succeeded: true }), action).toHaveLength(1)
  }
  const destroyed = expectSuccess(await project.runScript('destroy'))
  expect(destroyed.output).toMatch(CONTINUING)
  expect(faults.filter(({ hits }) => hits !== 1).map(({ rule }) => rule)).toEqual([])
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
})
