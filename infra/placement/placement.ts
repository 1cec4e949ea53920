import { RunError } from '@pulumi/pulumi'
import { type Architecture, architectureOf } from './architecture.ts'
import { DISK_CATEGORIES, type DiskCategory } from './disk-categories.ts'

/** Two zones, e.g. `ap-southeast-1a` and `ap-southeast-1b`. */
export type ZonePair = readonly [string, string]

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

export interface Placement {
  instanceType: string
  zoneId: string
  systemDiskCategory: DiskCategory
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

/**
 * Returns the cheapest suitable instance type, with the cheapest disk that it supports, in the first
 * zone that has both.
 *
 * @throws RunError that says what is out of stock and which setting to change
 */
export function choosePlacement(offers: readonly Offer[], request: PlacementRequest): Placement {
  const [offer] = suitableOffers(offers, request)
  const [place] = offer === undefined ? [] : placesOf(offer, request)
  if (offer === undefined || place === undefined) throw new RunError(outOfStock(offers, request))
  return { instanceType: offer.instanceType, ...place }
}

/** Where a fleet runs; an instance gets the first of the types that is in stock when it starts. */
export interface FleetPlacement {
  instanceTypes: string[]
  /** Of the largest of them. */
  cpus: number
  zoneIds: ZonePair
  systemDiskCategory: DiskCategory
}

/** Number of instance types: the chosen one and some to fall back on. */
const FLEET_TYPES = 3

/**
 * Returns the cheapest suitable instance types, with the cheapest disk that the first of them
 * supports, in the first two of the zones that have them all.
 *
 * @param zones Zones that support load balancers
 * @throws RunError that says what is out of stock and which setting to change
 */
export function chooseFleetPlacement(
  offers: readonly Offer[],
  request: Omit<PlacementRequest, 'zoneId'>,
  zones: readonly string[],
): FleetPlacement {
  const suitable = suitableOffers(offers, request)
  for (const offer of suitable) {
    for (const category of DISK_CATEGORIES) {
      const places = placesOf(offer, { ...request, systemDiskCategory: category })
      const [first, second] = places.map(({ zoneId }) => zoneId).filter((id) => zones.includes(id))
      if ((request.systemDiskCategory ?? category) !== category || !first || !second) continue
      const chosen = suitable
        .filter((other) => [first, second].every((zone) => other.zones[category]?.includes(zone)))
        .slice(0, FLEET_TYPES)
      return {
        instanceTypes: chosen.map(({ instanceType }) => instanceType),
        cpus: Math.max(...chosen.map(({ cpus }) => cpus)),
        zoneIds: [first, second],
        systemDiskCategory: category,
      }
    }
  }
  throw new RunError(outOfStockInTwoZones(request))
}

function outOfStockInTwoZones(request: Omit<PlacementRequest, 'zoneId'>): string {
  const { region, architecture, instanceType, systemDiskCategory } = request
  const what = instanceType ?? `instance type for ${architecture}`
  const disk = systemDiskCategory === undefined ? '' : ` with a ${systemDiskCategory} disk`
  return (
    `No ${what}${disk} is in stock at the moment in two zones of ${region} that support load balancers: ` +
    (instanceType === undefined && systemDiskCategory === undefined
      ? 'set alicloud:region to another region.'
      : 'leave instanceType and systemDiskCategory out, or set others.')
  )
}

type Place = Omit<Placement, 'instanceType'>

function placesOf(offer: Offer, request: Omit<PlacementRequest, 'architecture'>): Place[] {
  return DISK_CATEGORIES.filter(
    (category) => (request.systemDiskCategory ?? category) === category,
  ).flatMap((systemDiskCategory) =>
    [...(offer.zones[systemDiskCategory] ?? [])]
      .sort()
      .filter((zoneId) => (request.zoneId ?? zoneId) === zoneId)
      .map((zoneId) => ({ zoneId, systemDiskCategory })),
  )
}

/** Ranks economy and burstable families first, which cost less than others of their size. */
function familyRank({ instanceType }: Offer): number {
  const cheap = ['ecs.e-', 'ecs.t6-', 'ecs.t5-', 'ecs.u1-'].findIndex((start) =>
    instanceType.startsWith(start),
  )
  return cheap === -1 ? 4 : cheap
}

function outOfStock(offers: readonly Offer[], request: PlacementRequest): string {
  const { region, architecture, zoneId, instanceType, systemDiskCategory } = request
  const what = instanceType ?? `instance type for ${architecture}`
  const disk = systemDiskCategory === undefined ? '' : ` with a ${systemDiskCategory} disk`
  const restrictions = (['zoneId', 'instanceType', 'systemDiskCategory'] as const).filter(
    (key) => request[key] !== undefined,
  )
  return (
    `No ${what}${disk} is in stock in ${zoneId ?? region} at the moment: ${remedy(offers, request)}.` +
    (restrictions.length === 0 ? '' : ` Restricted by: ${restrictions.join(', ')}.`)
  )
}

function remedy(offers: readonly Offer[], request: PlacementRequest): string {
  const anywhere = { ...request, zoneId: undefined }
  const places = suitableOffers(offers, anywhere).flatMap((offer) => placesOf(offer, anywhere))
  const zones = [...new Set(places.map(({ zoneId }) => zoneId))].sort()
  if (zones.length > 0) return `${zones.join(', ')} ${zones.length === 1 ? 'has' : 'have'} one`
  return request.instanceType === undefined
    ? 'set alicloud:region to another region'
    : 'leave instanceType out, or set another one'
}
