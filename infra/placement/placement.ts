import { RunError } from '@pulumi/pulumi'
import { cheapestPlacement, type Offer, type Placement, type PlacementRequest } from './offers.ts'
import { outOfStockMessage } from './out-of-stock.ts'

/**
 * Returns the cheapest placement of the offers.
 *
 * @throws RunError that says what is out of stock and which setting to change
 */
export function choosePlacement(offers: readonly Offer[], request: PlacementRequest): Placement {
  const placement = cheapestPlacement(offers, request)
  if (placement === undefined) throw new RunError(outOfStockMessage(offers, request))
  return placement
}
