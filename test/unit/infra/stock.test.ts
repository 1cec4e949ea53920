import * as pulumi from '@pulumi/pulumi'
import { afterEach, expect, test, vi } from 'vitest'
import { type ConfigInput, loadConfig } from '../../../infra/config/stack-config.ts'
import { chooseFleetMachines, chooseMachine, type Machine } from '../../../infra/placement/stock.ts'
import { recordRegistrations } from './registrations.ts'

const TYPES = 'alicloud:ecs/getInstanceTypes:getInstanceTypes'
const IMAGES = 'alicloud:ecs/getImages:getImages'

// As the provider of this version words it.
const PRICE_REFUSAL = `invoking alicloud:ecs/getInstanceTypes:getInstanceTypes: \u001b[31m[ERROR]\u001b[0m terraform-provider-alicloud@v1.285.0/alicloud/data_source_alicloud_instance_types.go:465:
SDKError:
   StatusCode: 403
   Code: NotAuthorized
   Message: code: 403, You are not authorized. request id: 6A1D
   Data: {"Code":"NotAuthorized"}
`

interface Stock {
  id: string
  cpus: number
  memory: number
  /** Zones by kind of disk. */
  zones: Record<string, string[]>
  price: string
}

const stock: Stock[] = [
  {
    id: 'ecs.e-c1m1.large',
    cpus: 2,
    memory: 2,
    zones: { cloud_essd_entry: ['ap-southeast-1a', 'ap-southeast-1b'] },
    price: '0.0150',
  },
  {
    id: 'ecs.t6-c1m1.large',
    cpus: 2,
    memory: 2,
    zones: { cloud_efficiency: ['ap-southeast-1b'] },
    price: '0.0140',
  },
  {
    id: 'ecs.c7.large',
    cpus: 2,
    memory: 4,
    zones: { cloud_essd: ['ap-southeast-1a'], cloud_auto: ['ap-southeast-1a'] },
    price: '0.0900',
  },
  {
    id: 'ecs.g8y.2xlarge',
    cpus: 8,
    memory: 32,
    zones: { cloud_essd: ['ap-southeast-1a'] },
    price: '0.3000',
  },
]

/** An error as the engine passes one of the provider's on. */
function refused(details: string): Error {
  return Object.assign(new Error(), { details })
}

interface Region {
  stock?: Stock[]
  /** What a question for prices comes to instead of an answer. */
  priceError?: string
  imageIds?: string[]
}

/** Chooses a machine, and tells what was requests. */
async function choose(
  values: ConfigInput['values'],
  region: Region = {},
): Promise<{ machine: Machine; requests: Record<string, unknown>[] }> {
  const requests = await market(region)
  const machine = await chooseMachine(loadConfig({ values, region: 'ap-southeast-1' }))
  return { machine, requests }
}

/** Stands in for the cloud. @returns What it is requests */
async function market({
  stock: offered = stock,
  priceError,
  imageIds = ['debian_13_6_x64'],
}: Region): Promise<Record<string, unknown>[]> {
  const requests: Record<string, unknown>[] = []
  await recordRegistrations({
    calls: {
      [TYPES]: (inputs) => {
        requests.push(inputs)
        if (inputs.sortedBy === 'Price' && priceError !== undefined) throw refused(priceError)
        const category = inputs.systemDiskCategory
        const found = offered.filter(
          (type) =>
            (category === undefined || type.zones[String(category)] !== undefined) &&
            (inputs.cpuCoreCount ?? type.cpus) === type.cpus &&
            (inputs.memorySize ?? type.memory) === type.memory,
        )
        // As the provider does when the cloud knows of no zone.
        if (found.length === 0) {
          throw refused(
            'There are no available zones in the API DescribeAvailableResource response',
          )
        }
        return {
          instanceTypes: found.map((type) => ({
            id: type.id,
            cpuCoreCount: type.cpus,
            memorySize: type.memory,
            availabilityZones: type.zones[String(category)] ?? [],
            ...(inputs.sortedBy === 'Price' ? { price: type.price } : {}),
          })),
        }
      },
      'alicloud:alb/getZones:getZones': () => ({
        zones: ['a', 'b'].map((letter) => ({ zoneId: `ap-southeast-1${letter}` })),
      }),
      [IMAGES]: (inputs) => {
        requests.push(inputs)
        return { images: imageIds.map((imageId) => ({ imageId })) }
      },
    },
  })
  return requests
}

afterEach(() => {
  vi.restoreAllMocks()
})

test('the cheapest type in stock that boots the newest Debian is chosen', async () => {
  const { machine, requests } = await choose({})
  expect(machine).toEqual({
    instanceType: 'ecs.t6-c1m1.large',
    zoneId: 'ap-southeast-1b',
    systemDiskCategory: 'cloud_efficiency',
    imageId: 'debian_13_6_x64',
    pinZone: true,
    pinned: ['imageId', 'instanceType', 'systemDiskCategory'],
  })
  const types = { instanceChargeType: 'PostPaid' }
  const imageId = 'debian_13_6_x64'
  expect(requests).toHaveLength(7)
  expect(requests).toEqual(
    expect.arrayContaining([
      { ...types, imageId, systemDiskCategory: 'cloud_essd_entry' },
      { ...types, imageId, systemDiskCategory: 'cloud_efficiency' },
      { ...types, imageId, systemDiskCategory: 'cloud_auto' },
      { ...types, imageId, systemDiskCategory: 'cloud_essd' },
      // Prices of the small sizes that are in stock.
      { ...types, cpuCoreCount: 2, memorySize: 2, sortedBy: 'Price' },
      { ...types, cpuCoreCount: 2, memorySize: 4, sortedBy: 'Price' },
      { owners: 'system', nameRegex: '^debian_13_[0-9]+_x64_', mostRecent: true },
    ]),
  )
})

test('without permission for prices the smallest type is chosen, with a notice', async () => {
  const info = vi.spyOn(pulumi.log, 'info').mockResolvedValue()
  const { machine } = await choose({}, { priceError: PRICE_REFUSAL })
  expect(machine.instanceType).toBe('ecs.e-c1m1.large')
  expect(info.mock.calls).toEqual([
    [
      'Alibaba Cloud did not answer what it costs: NotAuthorized: You are not authorized. The smallest instance type is used instead of the cheapest.',
    ],
    [
      'If the instance type sells out meanwhile, set instanceType to ecs.c7.large.',
      undefined,
      undefined,
      true,
    ],
  ])
})

test('settings are used as they are, and only the rest is chosen', async () => {
  const { machine, requests } = await choose({
    instanceType: 'ecs.c7.large',
    systemDiskCategory: 'cloud_essd',
  })
  expect(machine).toEqual({
    instanceType: 'ecs.c7.large',
    zoneId: 'ap-southeast-1a',
    systemDiskCategory: 'cloud_essd',
    imageId: 'debian_13_6_x64',
    pinZone: true,
    pinned: ['imageId'],
  })
  expect(requests.filter((inputs) => 'instanceChargeType' in inputs)).toEqual([
    {
      instanceChargeType: 'PostPaid',
      imageId: 'debian_13_6_x64',
      systemDiskCategory: 'cloud_essd',
    },
  ])
})

test('without anything left to choose the stock is not queried', async () => {
  const { machine, requests } = await choose(
    {
      zoneId: 'ap-southeast-1c',
      instanceType: 'ecs.sold-out.large',
      systemDiskCategory: 'cloud_auto',
    },
    { stock: [] },
  )
  expect(machine).toMatchObject({
    zoneId: 'ap-southeast-1c',
    instanceType: 'ecs.sold-out.large',
    systemDiskCategory: 'cloud_auto',
    pinZone: false,
  })
  expect(requests).toHaveLength(1)
})

test('an Arm type gets an Arm image, whatever its size', async () => {
  const { machine, requests } = await choose(
    { architecture: 'arm64' },
    { imageIds: ['debian_13_6_arm64'] },
  )
  expect(machine.instanceType).toBe('ecs.g8y.2xlarge')
  expect(machine.imageId).toBe('debian_13_6_arm64')
  expect(requests).toContainEqual({
    owners: 'system',
    nameRegex: '^debian_13_[0-9]+_arm64_',
    mostRecent: true,
  })
})

test.each<[string, ConfigInput['values'], Region, string]>([
  [
    'nothing is in stock',
    {},
    { stock: [] },
    'No instance type for x86_64 is in stock in ap-southeast-1 at the moment: set alicloud:region to another region.',
  ],
  [
    'the type is out of stock in the zone',
    { instanceType: 'ecs.t6-c1m1.large', zoneId: 'ap-southeast-1a' },
    {},
    'No ecs.t6-c1m1.large is in stock in ap-southeast-1a at the moment: ap-southeast-1b has one. Restricted by: zoneId, instanceType.',
  ],
  [
    'there is no image',
    {},
    { imageIds: [] },
    'There is no public Debian 13 image for x86_64 in ap-southeast-1: set alicloud:region to another region.',
  ],
])('an error says that %s', async (_, values, region, sentence) => {
  await expect(choose(values, region)).rejects.toThrow(new pulumi.RunError(sentence))
})

test('a fleet gets types that two zones have on a disk that Auto Scaling accepts', async () => {
  const zones = ['ap-southeast-1a', 'ap-southeast-1b']
  const [economy] = stock as [Stock]
  const both = { cloud_essd_entry: zones, cloud_essd: zones }
  await market({ stock: [{ ...economy, zones: both }] })
  const values = { instances: '{"min":2,"max":4}', domain: 'photos.example' }
  expect(await chooseFleetMachines(loadConfig({ values, region: 'ap-southeast-1' }))).toEqual({
    instanceTypes: ['ecs.e-c1m1.large'],
    cpus: 2,
    zoneIds: ['ap-southeast-1a', 'ap-southeast-1b'],
    systemDiskCategory: 'cloud_essd',
    imageId: 'debian_13_6_x64',
    pinned: ['imageId', 'instanceTypes', 'systemDiskCategory'],
  })
})

test('an error says that no two zones have what a fleet needs', async () => {
  await market({})
  const domain = 'photos.example'
  const values = { instances: '{"min":2,"max":4}', domain, instanceType: 'ecs.c7.large' }
  await expect(
    chooseFleetMachines(loadConfig({ values, region: 'ap-southeast-1' })),
  ).rejects.toThrow(
    new pulumi.RunError(
      'No ecs.c7.large with a cloud_efficiency or cloud_essd disk, as Auto Scaling needs, is in stock at the moment in two zones of ap-southeast-1 that support load balancers: leave instanceType and systemDiskCategory out, or set others.',
    ),
  )
})
