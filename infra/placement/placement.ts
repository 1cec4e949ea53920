import { RunError } from '@pulumi/pulumi'
import {
  type Offer,
  type Place,
  type PlacementRequest,
  placesOf,
  suitableOffers,
} from './offers.ts'

/** Where a server runs, and on what hardware. */
export interface Placement extends Place {
  instanceType: string
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
