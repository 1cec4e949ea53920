import { RunError } from '@pulumi/pulumi'
import { type Architecture, architectureOf } from './architecture.ts'
import { DISK_CATEGORIES, type DiskCategory } from './disk-categories.ts'

/** Two zones, e.g. `ap-southeast-1a` and `ap-southeast-1b`. */
export type ZonePair = readonly [string, string]

/** An instance type that can be had at the moment. */
export interface Offer {
  /** E.g. `ecs.e-c1m1.large`. */
  instanceType: string
  cpus: number
  memoryGiB: number
  /** Zones that have it, for each kind of system disk that it takes. */
  zones: Partial<Record<DiskCategory, readonly string[]>>
  /** Per hour, in the account's currency. @default unknown */
  price?: number
}

/** What the configuration leaves open is chosen. */
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

/** The least that runs the server well. */
const LEAST = { cpus: 1, memoryGiB: 1 } as const

/** Those that would do, the cheapest first; without prices, the smallest first. */
export function suitableOffers(offers: readonly Offer[], wish: PlacementRequest): Offer[] {
  return offers
    .filter(
      (offer) =>
        (wish.instanceType === undefined
          ? offer.cpus >= LEAST.cpus && offer.memoryGiB >= LEAST.memoryGiB
          : offer.instanceType === wish.instanceType) &&
        architectureOf(offer.instanceType) === wish.architecture &&
        placesOf(offer, wish).length > 0,
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
 * The cheapest instance type that does, on the cheapest disk that it takes, in the first zone that
 * has both.
 *
 * @throws RunError that says what is not on sale, and what to set
 */
export function choosePlacement(offers: readonly Offer[], wish: PlacementRequest): Placement {
  const [offer] = suitableOffers(offers, wish)
  const [place] = offer === undefined ? [] : placesOf(offer, wish)
  if (offer === undefined || place === undefined) throw new RunError(outOfStock(offers, wish))
  return { instanceType: offer.instanceType, ...place }
}

/** A fleet's place; instances are of the first type that can be had. */
export interface FleetPlacement {
  instanceTypes: string[]
  /** Of the largest of them. */
  cpus: number
  zoneIds: ZonePair
  systemDiskCategory: DiskCategory
}

/** Types that instances may be of: beside the first, some to fall back on. */
const FLEET_TYPES = 3

/**
 * The cheapest instance types that do, on the cheapest disk that the first of them takes, in the
 * first two of the zones that have them all.
 *
 * @param zones Those that a load balancer may stand in
 * @throws RunError that says what is not on sale, and what to set
 */
export function chooseFleetPlacement(
  offers: readonly Offer[],
  wish: Omit<PlacementRequest, 'zoneId'>,
  zones: readonly string[],
): FleetPlacement {
  const suitable = suitableOffers(offers, wish)
  for (const offer of suitable) {
    for (const category of DISK_CATEGORIES) {
      const places = placesOf(offer, { ...wish, systemDiskCategory: category })
      const [first, second] = places.map(({ zoneId }) => zoneId).filter((id) => zones.includes(id))
      if ((wish.systemDiskCategory ?? category) !== category || !first || !second) continue
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
  throw new RunError(nowhereTwice(wish))
}

function nowhereTwice(wish: Omit<PlacementRequest, 'zoneId'>): string {
  const { region, architecture, instanceType, systemDiskCategory } = wish
  const what = instanceType ?? `instance type for ${architecture}`
  const disk = systemDiskCategory === undefined ? '' : ` with a ${systemDiskCategory} disk`
  return (
    `No ${what}${disk} is on sale at the moment in two zones of ${region} that take a load balancer: ` +
    (instanceType === undefined && systemDiskCategory === undefined
      ? 'set alicloud:region to another region.'
      : 'leave instanceType and systemDiskCategory out, or set others.')
  )
}

type Place = Omit<Placement, 'instanceType'>

function placesOf(offer: Offer, wish: Omit<PlacementRequest, 'architecture'>): Place[] {
  return DISK_CATEGORIES.filter(
    (category) => (wish.systemDiskCategory ?? category) === category,
  ).flatMap((systemDiskCategory) =>
    [...(offer.zones[systemDiskCategory] ?? [])]
      .sort()
      .filter((zoneId) => (wish.zoneId ?? zoneId) === zoneId)
      .map((zoneId) => ({ zoneId, systemDiskCategory })),
  )
}

/** Economy and burstable families cost less than others of their size. */
function familyRank({ instanceType }: Offer): number {
  const cheap = ['ecs.e-', 'ecs.t6-', 'ecs.t5-', 'ecs.u1-'].findIndex((start) =>
    instanceType.startsWith(start),
  )
  return cheap === -1 ? 4 : cheap
}

function outOfStock(offers: readonly Offer[], wish: PlacementRequest): string {
  const { region, architecture, zoneId, instanceType, systemDiskCategory } = wish
  const what = instanceType ?? `instance type for ${architecture}`
  const disk = systemDiskCategory === undefined ? '' : ` with a ${systemDiskCategory} disk`
  const asked = (['zoneId', 'instanceType', 'systemDiskCategory'] as const).filter(
    (key) => wish[key] !== undefined,
  )
  return (
    `No ${what}${disk} is on sale in ${zoneId ?? region} at the moment: ${remedy(offers, wish)}.` +
    (asked.length === 0 ? '' : ` Asked for: ${asked.join(', ')}.`)
  )
}

function remedy(offers: readonly Offer[], wish: PlacementRequest): string {
  const anywhere = { ...wish, zoneId: undefined }
  const places = suitableOffers(offers, anywhere).flatMap((offer) => placesOf(offer, anywhere))
  const zones = [...new Set(places.map(({ zoneId }) => zoneId))].sort()
  if (zones.length > 0) return `${zones.join(', ')} ${zones.length === 1 ? 'has' : 'have'} one`
  return wish.instanceType === undefined
    ? 'set alicloud:region to another region'
    : 'leave instanceType out, or set another one'
}
