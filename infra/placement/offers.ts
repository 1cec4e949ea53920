import { type Architecture, architectureOf } from './architecture.ts'
import { DISK_CATEGORIES, type DiskCategory } from './disk-categories.ts'

/** An instance type that is in stock. */
export interface Offer {
  /** E.g. `ecs.e-c1m1.large`. */
  instanceType: string
  cpus: number
  memoryGiB: number
  /** Zones that have it, for each category of system disk that it supports. */
  zones: Partial<Record<DiskCategory, readonly string[]>>
  /** Per hour, in the account's currency. @default unknown */
  price?: number
}

/** What a server has to have; what is left out is chosen from the stock. */
export interface PlacementRequest {
  region: string
  architecture: Architecture
  zoneId?: string | undefined
  instanceType?: string | undefined
  systemDiskCategory?: DiskCategory | undefined
}

/** The smallest size that runs the server well. */
const MINIMUM = { cpus: 1, memoryGiB: 1 } as const

/** Returns the offers that meet the request: the cheapest first, without prices the smallest first. */
export function suitableOffers(offers: readonly Offer[], request: PlacementRequest): Offer[] {
  return offers
    .filter(
      (offer) =>
        (request.instanceType === undefined
          ? offer.cpus >= MINIMUM.cpus && offer.memoryGiB >= MINIMUM.memoryGiB
          : offer.instanceType === request.instanceType) &&
        architectureOf(offer.instanceType) === request.architecture &&
        placesOf(offer, request).length > 0,
    )
    .sort(
      (a, b) =>
        (a.price ?? Number.POSITIVE_INFINITY) - (b.price ?? Number.POSITIVE_INFINITY) ||
        a.memoryGiB - b.memoryGiB ||
        a.cpus - b.cpus ||
        familyRank(a) - familyRank(b) ||
        (a.instanceType < b.instanceType ? -1 : 1),
    )
}

/** A zone and a disk. */
export type Place = { zoneId: string; systemDiskCategory: DiskCategory }

/** Returns the zones and disks of an offer that meet the request, the cheapest disk first. */
export function placesOf(offer: Offer, request: Omit<PlacementRequest, 'architecture'>): Place[] {
  return DISK_CATEGORIES.filter(
    (category) => (request.systemDiskCategory ?? category) === category,
  ).flatMap((systemDiskCategory) =>
    [...(offer.zones[systemDiskCategory] ?? [])]
      .sort()
      .filter((zoneId) => (request.zoneId ?? zoneId) === zoneId)
      .map((zoneId) => ({ zoneId, systemDiskCategory })),
  )
}

/** Where a server runs, and on what hardware. */
export interface Placement extends Place {
  instanceType: string
}

/**
 * Returns the cheapest suitable instance type, with the cheapest disk that it supports, in the first zone
 * that has both; undefined when none is in stock.
 */
export function cheapestPlacement(
  offers: readonly Offer[],
  request: PlacementRequest,
): Placement | undefined {
  const [offer] = suitableOffers(offers, request)
  const [place] = offer === undefined ? [] : placesOf(offer, request)
  return offer && place && { instanceType: offer.instanceType, ...place }
}

/** Ranks economy and burstable families first, which cost less than others of their size. */
function familyRank({ instanceType }: Offer): number {
  const cheap = ['ecs.e-', 'ecs.t6-', 'ecs.t5-', 'ecs.u1-'].findIndex((start) =>
    instanceType.startsWith(start),
  )
  return cheap === -1 ? 4 : cheap
}
