import { RunError } from '@pulumi/pulumi'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { architectureOf } from '../../../infra/placement/architecture.ts'
import type { Offer, PlacementRequest } from '../../../infra/placement/offers.ts'
import { pinnedProperties } from '../../../infra/placement/pinned-properties.ts'
import { choosePlacement } from '../../../infra/placement/placement.ts'
import { A, all, arm, B, burstable, economy, large, nano, request } from './offers.ts'

test.each<[string, readonly Offer[], Partial<PlacementRequest>, string, string, string]>([
  ['the smallest of the cheapest family', all, {}, 'ecs.e-c1m1.large', A, 'cloud_essd_entry'],
  [
    'the cheapest by price',
    [
      { ...economy, price: 0.02 },
      { ...large, price: 0.05 },
      { ...burstable, price: 0.01 },
    ],
    {},
    'ecs.t6-c1m1.large',
    A,
    'cloud_efficiency',
  ],
  [
    'one with a price before one without',
    [economy, { ...large, price: 0.05 }],
    {},
    'ecs.c7.large',
    A,
    'cloud_essd',
  ],
  ['none that is too small', [nano, large], {}, 'ecs.c7.large', A, 'cloud_essd'],
  ['an Arm type for Arm', all, { architecture: 'arm64' }, 'ecs.c8y.small', B, 'cloud_essd'],
  ['the zone of the settings', all, { zoneId: B }, 'ecs.e-c1m1.large', B, 'cloud_essd_entry'],
  [
    'the type of the settings',
    all,
    { instanceType: 'ecs.c7.large' },
    'ecs.c7.large',
    A,
    'cloud_essd',
  ],
  [
    'the type of the settings, however small',
    all,
    { instanceType: 'ecs.t5-lc2m1.nano' },
    'ecs.t5-lc2m1.nano',
    A,
    'cloud_efficiency',
  ],
  [
    'the disk of the settings',
    all,
    { systemDiskCategory: 'cloud_essd' },
    'ecs.e-c1m1.large',
    A,
    'cloud_essd',
  ],
  [
    'disk and zone of the settings, though another type is cheaper elsewhere',
    all,
    { systemDiskCategory: 'cloud_essd', zoneId: B },
    'ecs.c7.large',
    B,
    'cloud_essd',
  ],
])('chooses %s', (_, offers, part, instanceType, zoneId, systemDiskCategory) => {
  expect(choosePlacement(offers, { ...request, ...part })).toEqual({
    instanceType,
    zoneId,
    systemDiskCategory,
  })
})

test.each<[readonly Offer[], Partial<PlacementRequest>, string]>([
  [
    [],
    {},
    'No instance type for x86_64 is in stock in ap-southeast-1 at the moment: set alicloud:region to another region.',
  ],
  [
    [arm],
    { zoneId: A },
    'No instance type for x86_64 is in stock in ap-southeast-1a at the moment: set alicloud:region to another region. Restricted by: zoneId.',
  ],
  [
    [arm],
    { zoneId: A, architecture: 'arm64' },
    'No instance type for arm64 is in stock in ap-southeast-1a at the moment: ap-southeast-1b has one. Restricted by: zoneId.',
  ],
  [
    all,
    { instanceType: 'ecs.c8i.large' },
    'No ecs.c8i.large is in stock in ap-southeast-1 at the moment: leave instanceType out, or set another one. Restricted by: instanceType.',
  ],
  [
    all,
    { instanceType: 'ecs.t6-c1m1.large', zoneId: B },
    'No ecs.t6-c1m1.large is in stock in ap-southeast-1b at the moment: ap-southeast-1a has one. Restricted by: zoneId, instanceType.',
  ],
  [
    all,
    { instanceType: 'ecs.t6-c1m1.large', systemDiskCategory: 'cloud_essd' },
    'No ecs.t6-c1m1.large with a cloud_essd disk is in stock in ap-southeast-1 at the moment: leave instanceType out, or set another one. Restricted by: instanceType, systemDiskCategory.',
  ],
])('says what is out of stock and what to do (%#)', (offers, part, sentence) => {
  const choose = (): unknown => choosePlacement(offers, { ...request, ...part })
  expect(choose).toThrow(new RunError(sentence))
  expect(choose).toThrow(RunError)
})

test.each([
  ['ecs.e-c1m1.large', 'x86_64'],
  ['ecs.u1-c1m2.large', 'x86_64'],
  ['ecs.g7re.large', 'x86_64'],
  ['ecs.c8a.large', 'x86_64'],
  ['ecs.r7.large', 'x86_64'],
  ['ecs.c6r.large', 'arm64'],
  ['ecs.g8y.small', 'arm64'],
  ['ecs.ebmg8y.32xlarge', 'arm64'],
])('%s is of %s', (instanceType, architecture) => {
  expect(architectureOf(instanceType)).toBe(architecture)
})

test('the image and the properties that the settings leave open are pinned', () => {
  expect(pinnedProperties(request)).toEqual(['imageId', 'instanceType', 'systemDiskCategory'])
  expect(pinnedProperties({ ...request, instanceType: 'ecs.c7.large' })).toEqual([
    'imageId',
    'systemDiskCategory',
  ])
  expect(
    pinnedProperties({
      ...request,
      instanceType: 'ecs.c7.large',
      systemDiskCategory: 'cloud_essd',
    }),
  ).toEqual(['imageId'])
})

test('whatever is in stock, the choice is one of it, meets the request, and none that meets it is cheaper', () => {
  const zone = fc.constantFrom(A, B)
  const category = fc.constantFrom(
    'cloud_essd_entry' as const,
    'cloud_efficiency' as const,
    'cloud_auto' as const,
    'cloud_essd' as const,
  )
  const offer = fc.record({
    instanceType: fc.constantFrom(
      'ecs.e-c1m1.large',
      'ecs.c7.large',
      'ecs.c8y.small',
      'ecs.g6r.large',
    ),
    cpus: fc.constantFrom(1, 2, 4),
    memoryGiB: fc.constantFrom(0.5, 1, 2, 8),
    zones: fc.dictionary(category, fc.uniqueArray(zone)) as fc.Arbitrary<Offer['zones']>,
    price: fc.double({ min: 0.001, max: 1, noNaN: true }),
  })
  const offers = fc.uniqueArray(offer, { selector: ({ instanceType }) => instanceType })
  const requests = fc.record(
    {
      region: fc.constant('ap-southeast-1'),
      architecture: fc.constantFrom('x86_64' as const, 'arm64' as const),
      zoneId: zone,
      systemDiskCategory: category,
    },
    { requiredKeys: ['region', 'architecture'] },
  )
  fc.assert(
    fc.property(offers, requests, (stock, given) => {
      const fits = stock.filter(
        (one) =>
          one.memoryGiB >= 1 &&
          architectureOf(one.instanceType) === given.architecture &&
          Object.entries(one.zones).some(
            ([disk, zones]) =>
              (given.systemDiskCategory ?? disk) === disk &&
              zones.some((id) => (given.zoneId ?? id) === id),
          ),
      )
      if (fits.length === 0) {
        expect(() => choosePlacement(stock, given)).toThrow(/ in stock in /)
        return
      }
      const { instanceType, zoneId, systemDiskCategory } = choosePlacement(stock, given)
      const chosen = fits.find((one) => one.instanceType === instanceType)
      expect(chosen?.zones[systemDiskCategory]).toContain(zoneId)
      expect(zoneId).toBe(given.zoneId ?? zoneId)
      expect(systemDiskCategory).toBe(given.systemDiskCategory ?? systemDiskCategory)
      expect(chosen?.price).toBe(Math.min(...fits.map(({ price }) => price)))
    }),
  )
})
