import { RunError } from '@pulumi/pulumi'
import { type DiskCategory, FLEET_DISK_CATEGORIES } from './disk-categories.ts'
import { type Offer, type PlacementRequest, placesOf, suitableOffers } from './offers.ts'
import { outOfStockInTwoZonesMessage } from './out-of-stock.ts'

/** Two zones, e.g. `ap-southeast-1a` and `ap-southeast-1b`. */
export type ZonePair = readonly [string, string]

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
    for (const category of FLEET_DISK_CATEGORIES) {
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
  throw new RunError(outOfStockInTwoZonesMessage(request))
}
