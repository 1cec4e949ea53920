import { RunError } from '@pulumi/pulumi'
import { expect, test } from 'vitest'
import {
  chooseFleetPlacement,
  type FleetPlacement,
} from '../../../infra/placement/fleet-placement.ts'
import type { Offer, PlacementRequest } from '../../../infra/placement/offers.ts'
import { pinnedFleetProperties } from '../../../infra/placement/pinned-properties.ts'
import { A, B, burstable, economy, large, nano, request } from './offers.ts'

const C = 'ap-southeast-1c'
// Auto Scaling does not accept the cheapest disk.
const both: Offer = {
  ...economy,
  zones: { cloud_essd_entry: [C, B, A], cloud_efficiency: [C, B, A], cloud_essd: [A] },
}

test.each<[string, readonly Offer[], Partial<PlacementRequest>, readonly string[], FleetPlacement]>(
  [
    [
      'the cheapest that two zones have, and those to fall back on in both',
      [large, burstable, both, { ...large, instanceType: 'ecs.g7.large', memoryGiB: 8 }],
      {},
      [A, B, C],
      {
        instanceTypes: ['ecs.e-c1m1.large'],
        cpus: 2,
        zoneIds: [A, B],
        systemDiskCategory: 'cloud_efficiency',
      },
    ],
    [
      'three types at most, the cheapest first',
      ['ecs.c7.large', 'ecs.g7.large', 'ecs.r7.large', 'ecs.c6.large'].map(
        (instanceType, index) => ({
          ...large,
          instanceType,
          cpus: 4 - index,
          price: 0.1 - index / 100,
        }),
      ),
      {},
      [A, B],
      {
        instanceTypes: ['ecs.c6.large', 'ecs.r7.large', 'ecs.g7.large'],
        cpus: 3,
        zoneIds: [A, B],
        systemDiskCategory: 'cloud_essd',
      },
    ],
    [
      'only zones that take a load balancer',
      [both],
      {},
      [C, A],
      {
        instanceTypes: ['ecs.e-c1m1.large'],
        cpus: 2,
        zoneIds: [A, C],
        systemDiskCategory: 'cloud_efficiency',
      },
    ],
    [
      'the type and the disk of the settings',
      [both, large],
      { instanceType: 'ecs.c7.large', systemDiskCategory: 'cloud_essd' },
      [A, B, C],
      {
        instanceTypes: ['ecs.c7.large'],
        cpus: 2,
        zoneIds: [A, B],
        systemDiskCategory: 'cloud_essd',
      },
    ],
    [
      'a dearer one, where the cheapest is in a single zone',
      [burstable, large],
      {},
      [A, B],
      {
        instanceTypes: ['ecs.c7.large'],
        cpus: 2,
        zoneIds: [A, B],
        systemDiskCategory: 'cloud_essd',
      },
    ],
  ],
)('a fleet gets %s', (_, offers, changes, zones, expected) => {
  expect(chooseFleetPlacement(offers, { ...request, ...changes }, zones)).toEqual(expected)
})

test.each<[string, readonly Offer[], Partial<PlacementRequest>, string]>([
  [
    'is in one zone',
    [economy],
    { instanceType: 'ecs.e-c1m1.large', systemDiskCategory: 'cloud_essd' },
    'No ecs.e-c1m1.large with a cloud_essd disk, as Auto Scaling needs, is in stock at the moment in two zones of ap-southeast-1 that support load balancers: leave instanceType and systemDiskCategory out, or set others.',
  ],
  [
    'is sold with a disk that Auto Scaling does not accept',
    [{ ...economy, zones: { cloud_essd_entry: [A, B], cloud_auto: [A, B] } }],
    { instanceType: 'ecs.e-c1m1.large' },
    'No ecs.e-c1m1.large with a cloud_efficiency or cloud_essd disk, as Auto Scaling needs, is in stock at the moment in two zones of ap-southeast-1 that support load balancers: leave instanceType and systemDiskCategory out, or set others.',
  ],
  [
    'is in none',
    [nano, burstable],
    {},
    'No instance type for x86_64 with a cloud_efficiency or cloud_essd disk, as Auto Scaling needs, is in stock at the moment in two zones of ap-southeast-1 that support load balancers: set alicloud:region to another region.',
  ],
])('a fleet cannot use a type that %s', (_, offers, changes, sentence) => {
  expect(() => chooseFleetPlacement(offers, { ...request, ...changes }, [A, B])).toThrow(
    new RunError(sentence),
  )
})

test('a fleet pins the properties that the settings leave open', () => {
  expect(pinnedFleetProperties(request)).toEqual(['imageId', 'instanceTypes', 'systemDiskCategory'])
  expect(pinnedFleetProperties({ ...request, instanceType: 'ecs.c7.large' })).toEqual([
    'imageId',
    'systemDiskCategory',
  ])
})
