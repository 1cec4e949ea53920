import { beforeEach, describe, expect, test } from 'vitest'
import {
  account,
  allocateEip,
  bindEip,
  layNetwork,
  openAccount,
  pass,
  REGION,
  runServer,
  serverParameters,
  showEip,
  showInstance,
  text,
  useAccount,
} from './account.ts'
import answers from './answers.json' with { type: 'json' }

const MOVING = '400 IncorrectEipStatus: Current elastic IP status does not support this operation.'

useAccount()

test('a new EIP is Available and shown whole', async () => {
  const AllocationId = await text(
    account.vpc('AllocateEipAddress', {
      InstanceId: '',
      Name: 'web',
      Description: 'of the demo',
      Bandwidth: '20',
      InternetChargeType: 'PayByTraffic',
      InstanceChargeType: 'PostPaid',
    }),
    'AllocationId',
  )
  expect(AllocationId).toMatch(/^eip-t4n[a-z0-9]{17}$/)
  expect(await showEip(AllocationId)).toEqual([
    {
      ...answers.eip,
      AllocationId,
      RegionId: REGION,
      AvailableRegions: { AvailableRegion: [REGION] },
    },
  ])
})

describe('AllocateEipAddress refuses', () => {
  test.each([
    [{ Bandwidth: '0' }, 'Specified value of "Bandwidth" is not valid.'],
    [{ Bandwidth: '501' }, 'Specified value of "Bandwidth" is not valid.'],
    [
      { Bandwidth: '201', InternetChargeType: 'PayByTraffic' },
      'Specified value of "Bandwidth" is not valid.',
    ],
    [{ Bandwidth: 'fast' }, 'Specified value of "Bandwidth" is not valid.'],
    [{ InternetChargeType: 'Free' }, 'Specified value of "InternetChargeType" is not valid'],
    [{ InstanceChargeType: 'PrePaid' }, 'Specified value of "InstanceChargeType" is not valid'],
    [{ ISP: 'Carrier' }, 'Specified value of "ISP" is not valid'],
    [{ Name: 'http://x' }, 'The specified parameter is not valid.'],
    [{ Netmode: 'hybrid' }, 'The specified parameter is not valid.'],
  ])('%o', async (parameters, message) => {
    expect(await account.vpc('AllocateEipAddress', parameters)).toBe(
      `400 InvalidParameter: ${message}`,
    )
    expect(account.compute.leftovers()).toEqual([])
  })

  test('tags, which only TagResources gives', async () => {
    expect(await account.vpc('AllocateEipAddress', { 'Tag.1.Key': 'app' })).toBe(
      '400 InvalidParameter.Unknown: The action AllocateEipAddress has no parameter Tag.1.Key.',
    )
  })

  test('the twenty-first', async () => {
    const addresses = new Set<string>()
    for (let count = 0; count < 20; count++) addresses.add((await allocateEip()).address)
    expect(addresses.size).toBe(20)
    expect(await account.vpc('AllocateEipAddress')).toBe(
      '400 QuotaExceeded.Eip: Elastic IP address quota exceeded.',
    )
  })
})

test('an address that has been released is given out again', async () => {
  const first = await allocateEip()
  await allocateEip()
  await account.vpc('ReleaseEipAddress', { AllocationId: first.id })
  const third = await allocateEip()
  expect(third.address).toBe(first.address)
  expect(third.id).not.toBe(first.id)
})

test('regions have addresses of their own', async () => {
  const here = await allocateEip()
  openAccount({ region: 'eu-central-1' })
  const there = await allocateEip()
  expect(there.address).not.toBe(here.address)
})

describe('DescribeEipAddresses', () => {
  test('lists none for an id that is not there', async () => {
    expect(await account.vpc('DescribeEipAddresses', { AllocationId: 'eip-none' })).toEqual({
      PageNumber: 1,
      PageSize: 10,
      TotalCount: 0,
      EipAddresses: { EipAddress: [] },
    })
  })

  test('finds by address, status and instance, in pages', async () => {
    await layNetwork()
    const server = await runServer()
    const bound = await bindEip(server)
    const free = await allocateEip()
    const found = async (parameters: Record<string, string>) => {
      const answer = await account.vpc('DescribeEipAddresses', parameters)
      return JSON.stringify(answer).match(/eip-t4n[a-z0-9]+/g)
    }
    expect(await found({ EipAddress: free.address })).toEqual([free.id])
    expect(await found({ Status: 'InUse' })).toEqual([bound.id])
    expect(await found({ AssociatedInstanceId: server })).toEqual([bound.id])
    expect(await found({ AssociatedInstanceType: 'EcsInstance' })).toEqual([bound.id])
    expect(await found({ AllocationId: `${bound.id},${free.id}` })).toEqual([bound.id, free.id])
    expect(await found({ PageSize: '1', PageNumber: '2' })).toEqual([free.id])
    expect(await account.vpc('DescribeEipAddresses', { PageSize: '101' })).toBe(
      '400 InvalidParameter: The specified parameter is not valid.',
    )
    expect(await account.vpc('DescribeEipAddresses', { AssociatedInstanceType: 'Nat' })).toBe(
      '400 InvalidIAssociatedInstanceType.ValueNotSupported: The specified value of AssociatedInstanceType is not supported.',
    )
  })

  test('misses a new one for as long as the cloud is not consistent', async () => {
    openAccount({ consistencyMs: 500 })
    const { id } = await allocateEip()
    expect(await showEip(id)).toEqual([])
    await pass(500)
    expect(await showEip(id)).toMatchObject([{ AllocationId: id, Status: 'Available' }])
  })
})

test('ModifyEipAddressAttribute changes what is named', async () => {
  const { id: AllocationId } = await allocateEip()
  const change = { AllocationId, Name: 'b', Bandwidth: '7' }
  expect(await account.vpc('ModifyEipAddressAttribute', change)).toEqual({})
  expect(await showEip(AllocationId)).toMatchObject([
    { Name: 'b', Description: '', Bandwidth: '7', EipBandwidth: '7' },
  ])
  expect(await account.vpc('ModifyEipAddressAttribute', { AllocationId, Bandwidth: '0' })).toBe(
    '400 InvalidParameter: Specified value of "Bandwidth" is not valid.',
  )
  expect(await account.vpc('ModifyEipAddressAttribute', { AllocationId: 'eip-none' })).toBe(
    '404 InvalidAllocationId.NotFound: Specified allocation ID is not found',
  )
})

describe('with a server', () => {
  let server: string

  beforeEach(async () => {
    await layNetwork()
    server = await runServer()
  })

  test('a binding shows at once and moves to InUse, and back', async () => {
    const { id: AllocationId, address } = await allocateEip()
    const binding = { AllocationId, InstanceId: server, InstanceType: 'EcsInstance' }
    expect(await account.vpc('AssociateEipAddress', binding)).toEqual({})
    // The provider reads once, straight away, and neither of the two empty fields may be filled.
    expect(await showEip(AllocationId)).toMatchObject([
      {
        Status: 'Associating',
        InstanceId: server,
        InstanceType: 'EcsInstance',
        Mode: 'NAT',
        VpcId: '',
        PrivateIpAddress: '',
      },
    ])
    for (const action of ['ReleaseEipAddress', 'UnassociateEipAddress', 'AssociateEipAddress']) {
      const needed = action === 'ReleaseEipAddress' ? { AllocationId } : binding
      expect(await account.vpc(action, needed)).toBe(MOVING)
    }
    expect(await account.vpc('ModifyEipAddressAttribute', { AllocationId, Name: 'b' })).toBe(MOVING)
    expect(account.compute.publicRoute(address)).toBeUndefined()
    await pass(1000)
    expect(await showEip(AllocationId)).toMatchObject([{ Status: 'InUse' }])
    expect(account.compute.publicRoute(address)?.instanceId).toBe(server)
    expect(await showInstance(server)).toMatchObject([
      { EipAddress: { AllocationId, IpAddress: address }, PublicIpAddress: { IpAddress: [] } },
    ])
    expect(account.compute.describeMachine(server)?.eip).toBe(address)
    expect(await account.vpc('ReleaseEipAddress', { AllocationId })).toBe(MOVING)

    expect(await account.vpc('UnassociateEipAddress', binding)).toEqual({})
    expect(await showEip(AllocationId)).toMatchObject([
      { Status: 'Unassociating', InstanceId: server },
    ])
    expect(await account.vpc('ReleaseEipAddress', { AllocationId })).toBe(MOVING)
    await pass(1000)
    expect(await showEip(AllocationId)).toMatchObject([
      { Status: 'Available', InstanceId: '', InstanceType: '', Mode: '' },
    ])
    expect(await account.vpc('ReleaseEipAddress', { AllocationId })).toEqual({})
    expect(await showEip(AllocationId)).toEqual([])
    expect(account.hardwareCalls.slice(1)).toEqual([
      `route ${address} ${server}`,
      `route ${address} nowhere`,
    ])
  })

  test('an instance takes one EIP, an EIP one instance', async () => {
    const bound = await bindEip(server)
    const second = await allocateEip()
    const again = { AllocationId: second.id, InstanceId: server }
    expect(await account.vpc('AssociateEipAddress', again)).toBe(
      '400 BIND_INSTANCE_HAVE_PORTMAP_OR_BIND_EIP: The instance may have portMap or already bind eip.',
    )
    const same = { AllocationId: bound.id, InstanceId: server }
    expect(await account.vpc('AssociateEipAddress', same)).toBe(
      '400 InvalidAssociation.Duplicated: Specified instance already is associated.',
    )
    const other = await runServer()
    const taken = { AllocationId: bound.id, InstanceId: other }
    expect(await account.vpc('AssociateEipAddress', taken)).toBe(MOVING)
  })

  test('a server that is not settled takes none', async () => {
    const { id: AllocationId } = await allocateEip()
    const run = account.ecs('RunInstances', serverParameters())
    const young = await text(run, 'InstanceIdSets', 'InstanceIdSet', 0)
    const refusal =
      '400 IncorrectInstanceStatus: Current instance status does not support this operation.'
    expect(await account.vpc('AssociateEipAddress', { AllocationId, InstanceId: young })).toBe(
      refusal,
    )
    await account.ecs('DeleteInstance', { InstanceId: server, Force: 'true' })
    expect(await account.vpc('AssociateEipAddress', { AllocationId, InstanceId: server })).toBe(
      refusal,
    )
  })

  test.each([
    [
      { AllocationId: 'eip-none' },
      '404 InvalidAllocationId.NotFound: Specified allocation ID is not found',
    ],
    [{ InstanceId: 'i-none' }, '404 InvalidInstanId.NotFound: Specified instance does not exist.'],
    [
      { InstanceType: 'Nat' },
      '400 InvalidInstanceType.ValueNotSupported: The specified value of InstanceType is not supported.',
    ],
    [{ Mode: 'BINDED' }, '400 InvalidParameter: The specified parameter is not valid.'],
  ])('AssociateEipAddress refuses %o', async (parameters, refusal) => {
    const { id: AllocationId } = await allocateEip()
    const wanted = { AllocationId, InstanceId: server, ...parameters }
    expect(await account.vpc('AssociateEipAddress', wanted)).toBe(refusal)
    expect(await showEip(AllocationId)).toMatchObject([{ Status: 'Available' }])
  })

  test('UnassociateEipAddress names the instance that has it, if any', async () => {
    const { id: AllocationId } = await bindEip(server)
    const other = { AllocationId, InstanceId: 'i-other' }
    expect(await account.vpc('UnassociateEipAddress', other)).toBe(
      '400 InvalidInstanceId.NotFound: Specified instance does not exist.',
    )
    expect(await account.vpc('UnassociateEipAddress', { AllocationId })).toEqual({})
    await pass()
    expect(await account.vpc('UnassociateEipAddress', { AllocationId })).toBe(MOVING)
  })

  test('the end of an instance frees its EIP', async () => {
    const { id: AllocationId, address } = await bindEip(server)
    await account.ecs('DeleteInstance', { InstanceId: server, Force: 'true' })
    await pass(1)
    expect(await showEip(AllocationId)).toMatchObject([
      { Status: 'Unassociating', InstanceId: server },
    ])
    expect(await account.vpc('UnassociateEipAddress', { AllocationId, InstanceId: server })).toBe(
      MOVING,
    )
    expect(await account.vpc('ReleaseEipAddress', { AllocationId })).toBe(MOVING)
    await pass(2499)
    expect(await showEip(AllocationId)).toMatchObject([{ Status: 'Available', InstanceId: '' }])
    expect(account.compute.publicRoute(address)).toBeUndefined()
    expect(await account.vpc('ReleaseEipAddress', { AllocationId })).toEqual({})
  })
})
