import { expect, test } from 'vitest'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'

test('a refusal of the account ends in a sentence that says what to do, and the next update continues', async () => {
  const { cloud, project } = await setUpDeployment()
  for (const [code, advice] of [
    ['Account.Arrearage', 'The account has to pay first. Settle the outstanding payment'],
    ['RealNameAuthenticationError', 'The account needs real-name verification. Complete it'],
    ['InvalidInstanceType.ValueUnauthorized', 'The account may not use this instance type. Set'],
    ['RegionUnauthorized', 'The account may not create instances in this region. Set'],
    ['Zone.NotOnSale', 'The zone is no longer on sale. Set zoneId to another one'],
    ['QuotaExceed.AfterpayInstance', 'A quota of the account is used up. Release what'],
    [
      'OperationDenied.NoStock',
      'It has sold out since it was listed: set instanceType to ecs.t6-c2m1.large.\n',
    ],
  ] as const) {
    const fault = cloud.faults.add({ kind: 'refuse', action: 'ecs:RunInstances', code, times: 100 })
    const refused = await project.runScript('up')
    fault.remove()
    expect(refused.code).not.toBe(0)
    expect(refused.output).toContain(`What to do:\n  server-instance: ${code}. ${advice}`)
    expect(refused.output).toMatch(/`npm run up` continues from there\.\n$/)
    expect(refused.output).not.toMatch(/^ +at /m)
  }
  const { output } = expectSuccess(await project.runScript('up'))
  expect(output).not.toContain('What to do')
  expectSuccess(await project.preview('--expect-no-changes'))
  await destroyCleanly(cloud, project)
})
