import { describe, expect, test } from 'vitest'
import { Faults } from '../../control-plane/faults.ts'
import { callApi, clock, cloud, outcomeOf, useCloud } from './api-client.ts'

describe('rules', () => {
  const calls = (faults: Faults, count: number, action = 'ecs:RunInstances', host = 'ecs') =>
    Array.from({ length: count }, () => faults.next({ action, host }) !== undefined)

  test('hit the first call when nothing else is said', () => {
    const faults = new Faults()
    const fault = faults.add({ kind: 'throttle' })
    expect(calls(faults, 3)).toEqual([true, false, false])
    expect(fault.hits).toBe(1)
  })

  test('hit from the nth fitting call on, as often as they say', () => {
    const faults = new Faults()
    faults.add({ kind: 'throttle', action: 'ecs:*', nth: 2, times: 2 })
    expect(calls(faults, 1, 'ram:ListUsers')).toEqual([false])
    expect(calls(faults, 5)).toEqual([false, true, true, false, false])
  })

  test('fit by action and host', () => {
    const faults = new Faults()
    faults.add({ kind: 'delay', action: 'oss:Put*', host: '*.oss-eu-central-1.*', times: 9 })
    const fits = (action: string, host: string) => faults.next({ action, host }) !== undefined
    expect(fits('oss:PutObject', 'a.oss-eu-central-1.aliyuncs.com')).toBe(true)
    expect(fits('oss:GetObject', 'a.oss-eu-central-1.aliyuncs.com')).toBe(false)
    expect(fits('oss:PutObject', 'a.oss-us-west-1.aliyuncs.com')).toBe(false)
  })

  test('with a probability hit so often, the same for the same seed', () => {
    const run = (seed: number) => {
      const faults = new Faults(seed)
      faults.add({ kind: 'unavailable', probability: 0.25 })
      return calls(faults, 4000)
    }
    const hits = run(7).filter(Boolean).length
    expect(hits).toBeGreaterThan(900)
    expect(hits).toBeLessThan(1100)
    expect(run(7)).toEqual(run(7))
    expect(run(8)).not.toEqual(run(7))
  })

  test('with a code affect only the calls that have it', () => {
    const faults = new Faults()
    faults.add({ kind: 'refuse', code: 'Account.Arrearage', action: '*:Run*', times: 9 })
    expect(calls(faults, 1, 'ram:RunUsers')).toEqual([false])
    expect(calls(faults, 1, 'ecs:DescribeInstances')).toEqual([false])
    expect(calls(faults, 1, 'ecs:RunInstances')).toEqual([true])
  })

  test('can be taken away', () => {
    const faults = new Faults()
    const fault = faults.add({ kind: 'internal', times: 9 })
    expect(calls(faults, 1)).toEqual([true])
    fault.remove()
    expect(calls(faults, 1)).toEqual([false])
    faults.add({ kind: 'internal' })
    faults.clear()
    expect(calls(faults, 1)).toEqual([false])
  })
})

describe('in the way of a call', () => {
  useCloud()

  const create = () => callApi(cloud, clock, 'CreateUser', { parameters: { UserName: 'u' } })

  test.each([
    ['throttle', '400 Throttling.User', 'Request was denied due to user flow control.'],
    [
      'unavailable',
      '503 ServiceUnavailable',
      'The request has failed due to a temporary failure of the server.',
    ],
    [
      'internal',
      '500 InternalError',
      'The request processing has failed due to some unknown error, exception or failure.',
    ],
    [
      'refuse',
      '403 Forbidden.RiskControl',
      'This operation is forbidden by the risk control of the account.',
    ],
  ] as const)('%s: %s, and nothing is done', async (kind, outcome, message) => {
    cloud.faults.add({ kind, action: 'ram:CreateUser' })
    const refused = await create()
    expect([outcomeOf(refused), refused.body.Message]).toEqual([outcome, message])
    expect(outcomeOf(await create())).toBe('200')
    expect(cloud.audit.entries.map(({ status, fault }) => [status, fault])).toEqual([
      [refused.status, kind],
      [200, undefined],
    ])
  })

  const RunInstances = ['ecs.ap-southeast-1.aliyuncs.com', '2014-05-26', 'RunInstances'] as const
  const AllocateEipAddress = [
    'vpc.ap-southeast-1.aliyuncs.com',
    '2016-04-28',
    'AllocateEipAddress',
  ] as const
  const RAM = ['ram.aliyuncs.com', '2015-05-01'] as const

  test.each([
    ['Account.Arrearage', 400, RunInstances, 'Your account has an outstanding payment.'],
    [
      'InvalidInstanceType.ValueUnauthorized',
      400,
      RunInstances,
      'The specified InstanceType is not authorized.',
    ],
    [
      'RegionUnauthorized',
      403,
      RunInstances,
      'There is no authority to create instance in the specified region.',
    ],
    ['Zone.NotOnSale', 403, RunInstances, 'The specified zone is not available for purchase.'],
    [
      'QuotaExceed.AfterpayInstance',
      400,
      RunInstances,
      'Living afterpay instances quota exceeded.',
    ],
    [
      'OperationDenied.NoStock',
      403,
      RunInstances,
      'The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.',
    ],
    [
      'FrequentPurchase.EIP',
      400,
      AllocateEipAddress,
      'EIPs are purchased too frequently, please try again later.',
    ],
    ['EntityNotExist.User', 404, [...RAM, 'CreateAccessKey'], 'The user does not exist.'],
    ['EntityNotExist.User', 404, [...RAM, 'AttachPolicyToUser'], 'The user does not exist.'],
  ] as const)('refuse with the code %s', async (code, status, [host, version, action], message) => {
    cloud.faults.add({ kind: 'refuse', code })
    const refused = await callApi(cloud, clock, action, { host, version })
    expect([outcomeOf(refused), refused.body.Message]).toEqual([`${status} ${code}`, message])
  })

  test('lost-response: it is done, and the client never hears of it', async () => {
    cloud.faults.add({ kind: 'lost-response', action: 'ram:CreateUser' })
    await expect(create()).rejects.toThrow('socket hang up')
    expect(outcomeOf(await create())).toBe('409 EntityAlreadyExists.User')
    expect(cloud.audit.entries.map(({ status, code, fault }) => [status, code, fault])).toEqual([
      [0, '', 'lost-response'],
      [409, 'EntityAlreadyExists.User', undefined],
    ])
  })

  test('delay: it is only late', async () => {
    cloud.faults.add({ kind: 'delay', milliseconds: 200 })
    const started = performance.now()
    expect(outcomeOf(await create())).toBe('200')
    expect(performance.now() - started).toBeGreaterThanOrEqual(199)
    expect(cloud.audit.millisecondsSpent({ action: 'ram:CreateUser' })).toBeGreaterThanOrEqual(199)
  })

  test('a signature that is wrong meets no fault', async () => {
    const fault = cloud.faults.add({ kind: 'internal' })
    const answer = await callApi(cloud, clock, 'ListUsers', { spoil: true })
    expect(outcomeOf(answer)).toBe('400 SignatureDoesNotMatch')
    expect(fault.hits).toBe(0)
  })
})
