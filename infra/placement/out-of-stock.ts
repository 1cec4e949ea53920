import { FLEET_DISK_CATEGORIES } from './disk-categories.ts'
import {
  cheapestPlacement,
  type Offer,
  type Placement,
  type PlacementRequest,
  placesOf,
  suitableOffers,
} from './offers.ts'

/** Returns what is out of stock for a single server, and which setting to change. */
export function outOfStockMessage(offers: readonly Offer[], request: PlacementRequest): string {
  const { region, zoneId } = request
  const restrictions = (['zoneId', 'instanceType', 'systemDiskCategory'] as const).filter(
    (key) => request[key] !== undefined,
  )
  return (
    `No ${hardware(request)} is in stock in ${zoneId ?? region} at the moment: ${remedy(offers, request)}.` +
    (restrictions.length === 0 ? '' : ` Restricted by: ${restrictions.join(', ')}.`)
  )
}

/**
 * Returns which settings to change when the chosen instance type sells out before it is bought, or
 * undefined when nothing else is in stock. Prefers the zone that was chosen, where the network may exist.
 */
export function nextOfferRemedy(
  offers: readonly Offer[],
  request: PlacementRequest,
  chosen: Placement,
): string | undefined {
  const others = offers.filter(({ instanceType }) => instanceType !== chosen.instanceType)
  const same = cheapestPlacement(others, { ...request, zoneId: chosen.zoneId })
  if (same) return `set instanceType to ${same.instanceType}`
  const other = cheapestPlacement(others, request)
  return other && `set instanceType to ${other.instanceType} and zoneId to ${other.zoneId}`
}

/** Returns what is out of stock for a fleet, and which setting to change. */
export function outOfStockInTwoZonesMessage(request: Omit<PlacementRequest, 'zoneId'>): string {
  const { region, instanceType, systemDiskCategory } = request
  // Without the reason, an instance type that is sold with other disks only would seem to be in stock.
  const what = hardware({
    ...request,
    systemDiskCategory: systemDiskCategory ?? FLEET_DISK_CATEGORIES.join(' or '),
  })
  return (
    `No ${what}, as Auto Scaling needs, is in stock at the moment in two zones of ${region} that support load balancers: ` +
    (instanceType === undefined && systemDiskCategory === undefined
      ? 'set alicloud:region to another region.'
      : 'leave instanceType and systemDiskCategory out, or set others.')
  )
}

function hardware({
  architecture,
  instanceType,
  systemDiskCategory,
}: Pick<PlacementRequest, 'architecture' | 'instanceType'> & {
  systemDiskCategory?: string | undefined
}): string {
  const type = instanceType ?? `instance type for ${architecture}`
  return systemDiskCategory === undefined ? type : `${type} with a ${systemDiskCategory} disk`
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
