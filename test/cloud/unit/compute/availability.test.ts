import { describe, expect, test } from 'vitest'
import { account, part, useAccount } from './account.ts'
import answers from './answers.json' with { type: 'json' }

useAccount()

interface ZoneOffer {
  ZoneId: string
  Status: string
  StatusCategory: string
  AvailableResources: {
    AvailableResource: {
      Type: string
      SupportedResources: { SupportedResource: { Value: string; Status: string }[] }
    }[]
  }
}

async function offers(parameters: Record<string, string> = {}): Promise<ZoneOffer[]> {
  const wanted = { DestinationResource: 'InstanceType', IoOptimized: 'optimized', ...parameters }
  const answer = account.ecs('DescribeAvailableResource', wanted)
  return (await part(answer, 'AvailableZones', 'AvailableZone')) as ZoneOffer[]
}

/** Zone: value and status of all that it offers. */
async function stock(parameters: Record<string, string>): Promise<Record<string, string[]>> {
  const found = await offers(parameters)
  return Object.fromEntries(
    found.map((zone) => [
      `${zone.ZoneId} ${zone.Status}`,
      zone.AvailableResources.AvailableResource.flatMap(({ SupportedResources }) =>
        SupportedResources.SupportedResource.map(({ Value, Status }) => `${Value} ${Status}`),
      ),
    ]),
  )
}

describe('DescribeAvailableResource', () => {
  test('names zones alone when asked for zones', async () => {
    expect(await offers({ DestinationResource: 'Zone' })).toEqual(
      ['a', 'b', 'c'].map((letter) => ({
        RegionId: 'ap-southeast-1',
        ZoneId: `ap-southeast-1${letter}`,
        Status: 'Available',
        StatusCategory: 'WithStock',
        AvailableResources: { AvailableResource: [] },
      })),
    )
  })

  test('filters types by cores, memory, disk, zone and name', async () => {
    expect(await stock({ Cores: '2', Memory: '2.000000' })).toEqual({
      'ap-southeast-1a Available': ['ecs.t6-c1m1.large Available', 'ecs.u1-c1m1.large Available'],
      'ap-southeast-1b Available': [
        'ecs.t6-c1m1.large Available',
        'ecs.e-c1m1.large Available',
        'ecs.u1-c1m1.large Available',
      ],
      'ap-southeast-1c Available': ['ecs.e-c1m1.large Available', 'ecs.u1-c1m1.large Available'],
    })
    const entry = { Cores: '2', Memory: '4', SystemDiskCategory: 'cloud_essd_entry' }
    expect(await stock({ ...entry, ZoneId: 'ap-southeast-1b' })).toEqual({
      'ap-southeast-1b Available': ['ecs.e-c1m2.large Available', 'ecs.u1-c1m2.large Available'],
    })
    expect(await stock({ InstanceType: 'ecs.g8y.large' })).toEqual({
      'ap-southeast-1c Available': ['ecs.g8y.large Available'],
    })
    expect(await stock({ Cores: '128' })).toEqual({})
    expect(await stock({ IoOptimized: 'none' })).toEqual({})
  })

  test('names the disks that a type takes', async () => {
    const disks = { DestinationResource: 'SystemDisk', InstanceType: 'ecs.e-c1m1.large' }
    expect(await stock(disks)).toEqual({
      'ap-southeast-1b Available': ['cloud_essd_entry Available', 'cloud_essd Available'],
      'ap-southeast-1c Available': ['cloud_essd_entry Available', 'cloud_essd Available'],
    })
  })

  test('keeps listing what is sold out, and says so', async () => {
    const { catalogue } = account.compute
    catalogue.sellOut('ecs.e-c1m1.large', 'ap-southeast-1b')
    expect(await stock({ InstanceType: 'ecs.e-c1m1.large' })).toEqual({
      'ap-southeast-1b SoldOut': ['ecs.e-c1m1.large SoldOut'],
      'ap-southeast-1c Available': ['ecs.e-c1m1.large Available'],
    })
    catalogue.sellOut('ecs.e-c1m1.large')
    expect(await stock({ Cores: '2', Memory: '2', ZoneId: 'ap-southeast-1c' })).toEqual({
      'ap-southeast-1c Available': ['ecs.e-c1m1.large SoldOut', 'ecs.u1-c1m1.large Available'],
    })
    catalogue.restock('ecs.e-c1m1.large')
    expect(await stock({ InstanceType: 'ecs.e-c1m1.large' })).toEqual({
      'ap-southeast-1b Available': ['ecs.e-c1m1.large Available'],
      'ap-southeast-1c Available': ['ecs.e-c1m1.large Available'],
    })
  })

  test('leaves out a zone that has been withdrawn', async () => {
    account.compute.catalogue.closeZone('ap-southeast-1a')
    const zones = await offers({ DestinationResource: 'Zone' })
    expect(zones.map(({ ZoneId }) => ZoneId)).toEqual(['ap-southeast-1b', 'ap-southeast-1c'])
  })

  test.each([
    [
      { DestinationResource: 'Network' },
      '404 Invalid.DestinationResource: The specified DestinationResource is not valid.',
    ],
    [{ IoOptimized: 'maybe' }, '404 Invalid.IoOptimized: The specified IoOptimized is not valid.'],
    [
      { NetworkCategory: 'lan' },
      '404 Invalid.NetworkCategory: The specified NetworkCategory is not valid.',
    ],
    [
      { SpotStrategy: 'Cheap' },
      '404 Invalid.SpotStrategy: The specified SpotStrategy is not valid.',
    ],
    [
      { InstanceChargeType: 'Free' },
      '400 Invalid.InstanceChargeType: The specified InstanceChargeType is not valid.',
    ],
    [
      { ZoneId: 'eu-central-1a' },
      '404 InvalidZoneId.NotFound: The ZoneId provided does not exist in our records.',
    ],
    [
      { InstanceType: 'ecs.g7.large', Cores: '2' },
      "403 InvalidParam.TypeAndCpuMem.Conflict: The specified 'InstanceType' and 'Cores','Memory' are not blank at the same time.",
    ],
    [{ Memory: 'much' }, '400 InvalidParameter: The specified parameter is not valid.'],
    [
      { ResourceType: 'ddh' },
      '404 Invalid.ResourceType: The ResourceType provided does not exist in our records.',
    ],
  ])('refuses %o', async (parameters, refusal) => {
    const wanted = { DestinationResource: 'InstanceType', IoOptimized: 'optimized', ...parameters }
    expect(await account.ecs('DescribeAvailableResource', wanted)).toBe(refusal)
  })

  test('refuses a question about types that does not say whether I/O is optimized', async () => {
    const wanted = { DestinationResource: 'InstanceType' }
    expect(await account.ecs('DescribeAvailableResource', wanted)).toBe(
      '400 Invalid.Param: The input parameter DestinationResource that is mandatory for processing this request is not supplied.',
    )
  })
})

describe('DescribeInstanceTypes', () => {
  async function types(parameters: Record<string, string>): Promise<unknown[]> {
    const answer = account.ecs('DescribeInstanceTypes', parameters)
    return (await part(answer, 'InstanceTypes', 'InstanceType')) as unknown[]
  }

  test('shows a type whole, with numbers where the provider wants them', async () => {
    expect(await types({ 'InstanceTypes.1': 'ecs.t6-c1m1.large' })).toEqual([
      { ...answers.instanceType },
    ])
  })

  test('finds by family and processor', async () => {
    const ids = (found: unknown[]) => JSON.stringify(found).match(/ecs\.[a-z0-9]+\.[a-z]+/g)
    expect(ids(await types({ InstanceTypeFamily: 'ecs.c7' }))).toEqual([
      'ecs.c7.large',
      'ecs.c7.xlarge',
    ])
    expect(ids(await types({ CpuArchitecture: 'ARM' }))).toEqual([
      'ecs.c8y.small',
      'ecs.c8y.large',
      'ecs.c8y.xlarge',
      'ecs.g8y.small',
      'ecs.g8y.large',
      'ecs.g8y.xlarge',
    ])
    expect(await account.ecs('DescribeInstanceTypes', { CpuArchitecture: 'RISC' })).toBe(
      '400 InvalidParameter: The specified parameter is not valid.',
    )
  })
})
