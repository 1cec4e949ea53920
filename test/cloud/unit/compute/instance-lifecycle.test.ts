import { describe, expect, test } from 'vitest'
import {
  account,
  bindEip,
  layNetwork,
  openAccount,
  pass,
  runServer,
  serverParameters,
  showInstance,
  type TestAccountOptions,
  text,
  useNetwork,
} from './account.ts'

const WRONG_STATUS =
  '403 IncorrectInstanceStatus: The current status of the resource does not support this operation.'
const INITIALIZING =
  '403 IncorrectInstanceStatus.Initializing: The specified instance status does not support this operation.'

useNetwork()

/** Opens another account, with a network in it. */
async function open(options: TestAccountOptions): Promise<void> {
  openAccount(options)
  await layNetwork()
}

async function launch(): Promise<string> {
  const run = account.ecs('RunInstances', serverParameters())
  return text(run, 'InstanceIdSets', 'InstanceIdSet', 0)
}

/** The status of a server; undefined when it is not listed. */
async function statusOf(instanceId: string): Promise<string | undefined> {
  const [instance] = (await showInstance(instanceId)) as { Status: string }[]
  return instance?.Status
}

test('a server is Pending, Starting, Running', async () => {
  const id = await launch()
  expect(await statusOf(id)).toBe('Pending')
  expect(account.hardwareCalls).toEqual([])
  await pass(1500)
  expect(await statusOf(id)).toBe('Starting')
  expect(account.hardwareCalls).toEqual([`start ${id}`])
  await pass(1500)
  expect(await statusOf(id)).toBe('Running')
})

test('a server is Starting for as long as its machine is', async () => {
  let powered = (): void => {}
  await open({
    hardware: {
      start: () =>
        new Promise((resolve) => {
          powered = resolve
        }),
    },
  })
  const id = await launch()
  await pass(60_000)
  expect(await statusOf(id)).toBe('Starting')
  expect(await account.ecs('DeleteInstance', { InstanceId: id, Force: 'true' })).toBe(INITIALIZING)
  powered()
  await pass(0)
  expect(await statusOf(id)).toBe('Running')
})

test('a new server is missing from lists for as long as the cloud is not consistent', async () => {
  await open({ consistencyMs: 700 })
  const id = await launch()
  expect(await showInstance(id)).toEqual([])
  await pass(700)
  expect(await showInstance(id)).toMatchObject([{ InstanceId: id, Status: 'Pending' }])
})

describe('hardware that fails', () => {
  test('to start leaves the server Stopped, with the reason kept, and may be started again', async () => {
    let broken = true
    await open({
      hardware: {
        async start() {
          if (broken) throw new Error('no kernel')
        },
      },
    })
    const InstanceId = await launch()
    await pass()
    expect(await statusOf(InstanceId)).toBe('Stopped')
    expect(account.compute.describeMachine(InstanceId)?.fault).toBe('start: no kernel')
    expect(account.compute.faults()).toEqual([
      { instanceId: InstanceId, operation: 'start', message: 'no kernel' },
    ])
    broken = false
    expect(await account.ecs('StartInstance', { InstanceId })).toEqual({})
    await pass()
    expect(await statusOf(InstanceId)).toBe('Running')
    expect(account.compute.describeMachine(InstanceId)?.fault).toBeUndefined()
  })

  test('to stop leaves it Running', async () => {
    await open({ hardware: { stop: () => Promise.reject(new Error('stuck')) } })
    const InstanceId = await runServer()
    await account.ecs('StopInstance', { InstanceId })
    await pass()
    expect(await statusOf(InstanceId)).toBe('Running')
    expect(account.compute.describeMachine(InstanceId)?.fault).toBe('stop: stuck')
  })

  test('to go away keeps nothing in the account', async () => {
    await open({
      hardware: {
        remove: () => Promise.reject(new Error('busy')),
        route: () => Promise.reject(new Error('no table')),
      },
    })
    const InstanceId = await runServer()
    const eip = await bindEip(InstanceId)
    await account.ecs('DeleteInstance', { InstanceId, Force: 'true' })
    await pass()
    expect(account.compute.leftovers()).not.toContain(`instance ${InstanceId}`)
    expect(account.compute.faults()).toEqual([
      { instanceId: InstanceId, operation: 'route', message: 'no table' },
      { instanceId: InstanceId, operation: 'remove', message: 'busy' },
    ])
    expect(await account.vpc('ReleaseEipAddress', { AllocationId: eip.id })).toEqual({})
  })
})

describe('power', () => {
  test('a server stops and starts', async () => {
    const InstanceId = await runServer()
    const stop = { InstanceId, ForceStop: 'false', StoppedMode: 'StopCharging' }
    expect(await account.ecs('StopInstance', stop)).toEqual({})
    expect(await statusOf(InstanceId)).toBe('Stopping')
    await pass(1500)
    expect(await showInstance(InstanceId)).toMatchObject([
      { Status: 'Stopped', StoppedMode: 'StopCharging' },
    ])
    expect(await account.ecs('StartInstance', { InstanceId })).toEqual({})
    expect(await statusOf(InstanceId)).toBe('Starting')
    await pass(1500)
    expect(await showInstance(InstanceId)).toMatchObject([
      { Status: 'Running', StoppedMode: 'Not-applicable' },
    ])
    const unsaid = { InstanceId, StoppedMode: 'Not-applicable' }
    expect(await account.ecs('StopInstance', unsaid)).toEqual({})
    await pass()
    expect(await showInstance(InstanceId)).toMatchObject([{ StoppedMode: 'KeepCharging' }])
    expect(account.hardwareCalls.map((line) => line.split(' ')[0])).toEqual([
      'start',
      'stop',
      'start',
      'stop',
    ])
  })

  test('commands that the status does not allow are refused', async () => {
    const InstanceId = await launch()
    for (const action of ['StopInstance', 'StartInstance']) {
      expect(await account.ecs(action, { InstanceId })).toBe(WRONG_STATUS)
    }
    await pass()
    expect(await account.ecs('StartInstance', { InstanceId })).toBe(WRONG_STATUS)
    await account.ecs('StopInstance', { InstanceId })
    for (const action of ['StopInstance', 'StartInstance']) {
      expect(await account.ecs(action, { InstanceId })).toBe(WRONG_STATUS)
    }
    await pass()
    expect(await account.ecs('StopInstance', { InstanceId })).toBe(WRONG_STATUS)
    expect(await account.ecs('StopInstance', { InstanceId, StoppedMode: 'Later' })).toBe(
      '400 InvalidParameter: The specified parameter is not valid.',
    )
  })

  test.each([
    'StartInstance',
    'StopInstance',
    'DeleteInstance',
    'ModifyInstanceAttribute',
    'DescribeInstanceAttribute',
    'DescribeUserData',
    'GetInstanceConsoleOutput',
  ])('%s answers 404 for a server that is not there', async (action) => {
    expect(await account.ecs(action, { InstanceId: 'i-none' })).toBe(
      '404 InvalidInstanceId.NotFound: The specified InstanceId does not exist.',
    )
  })
})

test('GetInstanceConsoleOutput returns what the machine has printed, in Base64', async () => {
  await open({ hardware: { consoleOutput: async (id) => `cloud-init of ${id}\n` } })
  const InstanceId = await runServer()
  expect(await account.ecs('GetInstanceConsoleOutput', { InstanceId })).toEqual({
    InstanceId,
    ConsoleOutput: Buffer.from(`cloud-init of ${InstanceId}\n`).toString('base64'),
    LastUpdateTime: '2026-11-24T12:00:30Z',
  })
})

describe('DeleteInstance', () => {
  test('releases step by step: off, addresses freed, taken away, listed no more', async () => {
    const InstanceId = await runServer()
    const { address } = await bindEip(InstanceId)
    account.hardwareCalls.length = 0
    expect(await account.ecs('DeleteInstance', { InstanceId, Force: 'true' })).toEqual({})
    expect(await statusOf(InstanceId)).toBe('Stopping')
    expect(await account.ecs('DeleteInstance', { InstanceId, Force: 'true' })).toEqual({})
    expect(await account.ecs('StopInstance', { InstanceId })).toBe(WRONG_STATUS)
    await pass(1500 + 1000)
    expect(await statusOf(InstanceId)).toBe('Stopped')
    expect(account.hardwareCalls).toEqual([
      `stop ${InstanceId}`,
      `route ${address} nowhere`,
      `remove ${InstanceId}`,
    ])
    await pass(2000)
    expect(await showInstance(InstanceId)).toEqual([])
    expect(account.compute.describeMachine(InstanceId)).toBeUndefined()
    const left = () => account.compute.leftovers().map((line) => line.replace(/ [^ ]+$/, ''))
    expect(left()).toEqual(['vpc', 'vswitch', 'security group', 'network interface', 'eip'])
    await pass(1000)
    expect(left()).toEqual(['vpc', 'vswitch', 'security group', 'eip'])
  })

  test('releases a stopped server without force, and a running one not', async () => {
    const InstanceId = await runServer()
    expect(await account.ecs('DeleteInstance', { InstanceId })).toBe(WRONG_STATUS)
    await account.ecs('StopInstance', { InstanceId })
    expect(await account.ecs('DeleteInstance', { InstanceId, Force: 'true' })).toBe(WRONG_STATUS)
    await pass()
    expect(await account.ecs('DeleteInstance', { InstanceId })).toEqual({})
    expect(await statusOf(InstanceId)).toBe('Stopped')
    await pass()
    expect(await statusOf(InstanceId)).toBeUndefined()
    expect(account.hardwareCalls).toEqual([
      `start ${InstanceId}`,
      `stop ${InstanceId}`,
      `remove ${InstanceId}`,
    ])
  })

  test('spares what is young or protected', async () => {
    const young = await launch()
    expect(await account.ecs('DeleteInstance', { InstanceId: young, Force: 'true' })).toBe(
      INITIALIZING,
    )
    const InstanceId = await runServer({ DeletionProtection: 'true' })
    expect(await account.ecs('DeleteInstance', { InstanceId, Force: 'true' })).toBe(
      '403 InvalidOperation.DeletionProtection: The operation is not allowed because the instance is under deletion protection.',
    )
    const off = { InstanceId, DeletionProtection: 'false' }
    expect(await account.ecs('ModifyInstanceAttribute', off)).toEqual({})
    expect(await account.ecs('DeleteInstance', { InstanceId, Force: 'true' })).toEqual({})
  })
})
