import { RunError } from '@pulumi/pulumi'
import {
  type Offer,
  type Place,
  type PlacementRequest,
  placesOf,
  suitableOffers,
} from './offers.ts'
import { outOfStockMessage } from './out-of-stock.ts'

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
  if (offer === undefined || place === undefined)
    throw new RunError(outOfStockMessage(offers, request))
  return { instanceType: offer.instanceType, ...place }
}
