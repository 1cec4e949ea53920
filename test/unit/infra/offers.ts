import type { Offer, PlacementRequest } from '../../../infra/placement/offers.ts'

export const A = 'ap-southeast-1a'
export const B = 'ap-southeast-1b'
export const request: PlacementRequest = { region: 'ap-southeast-1', architecture: 'x86_64' }

export const economy: Offer = {
  instanceType: 'ecs.e-c1m1.large',
  cpus: 2,
  memoryGiB: 2,
  zones: { cloud_essd_entry: [B, A], cloud_essd: [A] },
}
export const burstable: Offer = {
  instanceType: 'ecs.t6-c1m1.large',
  cpus: 2,
  memoryGiB: 2,
  zones: { cloud_efficiency: [A] },
}
export const nano: Offer = {
  instanceType: 'ecs.t5-lc2m1.nano',
  cpus: 1,
  memoryGiB: 0.5,
  zones: { cloud_efficiency: [A] },
}
export const large: Offer = {
  instanceType: 'ecs.c7.large',
  cpus: 2,
  memoryGiB: 4,
  zones: { cloud_essd: [A, B] },
}
export const arm: Offer = {
  instanceType: 'ecs.c8y.small',
  cpus: 1,
  memoryGiB: 2,
  zones: { cloud_essd: [B] },
}
export const all = [large, arm, nano, burstable, economy]
