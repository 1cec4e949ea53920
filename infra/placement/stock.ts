import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import { nextOfferLine } from '../pulumi/event-log.ts'
import { queryCloud } from '../pulumi/query.ts'
import type { Architecture } from './architecture.ts'
import { DISK_CATEGORIES, type DiskCategory, FLEET_DISK_CATEGORIES } from './disk-categories.ts'
import { chooseFleetPlacement, type FleetPlacement } from './fleet-placement.ts'
import { type Offer, type Placement, type PlacementRequest, suitableOffers } from './offers.ts'
import { nextOfferRemedy } from './out-of-stock.ts'
import {
  type PinnedFleetProperty,
  type PinnedProperty,
  pinnedFleetProperties,
  pinnedProperties,
} from './pinned-properties.ts'
import { choosePlacement } from './placement.ts'

/** Where the server runs, and what hardware and image it has. */
export interface Machine extends Placement {
  imageId: string
  /** Whether an existing server stays in its zone, because the settings leave the zone open. */
  pinZone: boolean
  /** Other properties that an existing server keeps. */
  pinned: readonly PinnedProperty[]
}

/**
 * Queries what is in stock and chooses what the settings leave open.
 *
 * @throws pulumi.RunError when nothing suitable is in stock, or the cloud does not answer
 */
export async function chooseMachine(request: PlacementRequest): Promise<Machine> {
  const imageId = await newestImage(request.architecture, request.region)
  return {
    ...(await place(request, imageId)),
    imageId,
    pinZone: request.zoneId === undefined,
    pinned: pinnedProperties(request),
  }
}

/** Where a fleet runs, and what hardware and image its instances have. */
export interface FleetMachines extends FleetPlacement {
  imageId: string
  /** Properties that an existing fleet keeps until another change replaces its instances. */
  pinned: readonly PinnedFleetProperty[]
}

/**
 * Queries what is in stock in two zones and chooses what the settings leave open.
 *
 * @throws pulumi.RunError when nothing suitable is in stock, or the cloud does not answer
 */
export async function chooseFleetMachines(request: PlacementRequest): Promise<FleetMachines> {
  const imageId = await newestImage(request.architecture, request.region)
  const [offers, zones] = await Promise.all([
    pricedStock(request, imageId, FLEET_DISK_CATEGORIES),
    loadBalancerZones(),
  ])
  const placement = chooseFleetPlacement(offers, request, zones)
  return { ...placement, imageId, pinned: pinnedFleetProperties(request) }
}

async function loadBalancerZones(): Promise<string[]> {
  const { zones } = await queryCloud('which zones have load balancers', alicloud.alb.getZones())
  return zones.map(({ zoneId }) => zoneId)
}

async function place(request: PlacementRequest, imageId: string): Promise<Placement> {
  const { zoneId, instanceType, systemDiskCategory } = request
  // Nothing is left to choose, and the hardware of a running server may be out of stock by now.
  if (zoneId && instanceType && systemDiskCategory) {
    return { zoneId, instanceType, systemDiskCategory }
  }
  const offers = await pricedStock(request, imageId, DISK_CATEGORIES)
  const placement = choosePlacement(offers, request)
  const remedy = nextOfferRemedy(offers, request, placement)
  // For `npm run up`, should the purchase be refused.
  if (remedy !== undefined) await pulumi.log.info(nextOfferLine(remedy), undefined, undefined, true)
  return placement
}

/** Returns the suitable offers, with prices if there is a choice; all offers if none is suitable. */
async function pricedStock(
  request: PlacementRequest,
  imageId: string,
  categories: readonly DiskCategory[],
): Promise<readonly Offer[]> {
  const { instanceType, systemDiskCategory } = request
  const offers = await stock(imageId, systemDiskCategory ? [systemDiskCategory] : categories)
  const suitable = suitableOffers(offers, request)
  const priced = instanceType === undefined ? await withPrices(suitable) : suitable
  return priced.length > 0 ? priced : offers
}

/** Returns every instance type in stock that boots the image, with its zones for each category of disk. */
async function stock(imageId: string, categories: readonly DiskCategory[]): Promise<Offer[]> {
  const offers = new Map<string, Offer>()
  const results = await Promise.all(
    categories.map((systemDiskCategory) =>
      instanceTypes('what is in stock', { systemDiskCategory, imageId }),
    ),
  )
  for (const [index, category] of categories.entries()) {
    for (const type of results[index] ?? []) {
      const offer = offers.get(type.id) ?? {
        instanceType: type.id,
        cpus: type.cpuCoreCount,
        memoryGiB: type.memorySize,
        zones: {},
      }
      offer.zones[category] = type.availabilityZones
      offers.set(type.id, offer)
    }
  }
  return [...offers.values()]
}

/** Largest size whose price is queried, unless nothing smaller is in stock. */
const SMALL = { cpus: 2, memoryGiB: 4 } as const

/** Adds prices to the smaller offers, or to none when the account's key may not query prices. */
async function withPrices(offers: readonly Offer[]): Promise<readonly Offer[]> {
  const small = offers.filter(
    (offer) => offer.cpus <= SMALL.cpus && offer.memoryGiB <= SMALL.memoryGiB,
  )
  const sizes = new Map(
    (small.length > 0 ? small : offers.slice(0, 1)).map((offer) => [
      `${offer.cpus}/${offer.memoryGiB}`,
      { cpuCoreCount: offer.cpus, memorySize: offer.memoryGiB },
    ]),
  )
  try {
    const results = await Promise.all(
      [...sizes.values()].map((size) =>
        instanceTypes('what it costs', { ...size, sortedBy: 'Price' }),
      ),
    )
    const prices = new Map(results.flat().map(({ id, price }) => [id, Number(price)]))
    return offers.map((offer) => {
      const price = prices.get(offer.instanceType)
      return price ? { ...offer, price } : offer
    })
  } catch (error) {
    const { message } = error as Error
    void pulumi.log.info(`${message} The smallest instance type is used instead of the cheapest.`)
    return offers
  }
}

async function instanceTypes(question: string, args: alicloud.ecs.GetInstanceTypesArgs) {
  const result = alicloud.ecs
    .getInstanceTypes({ ...args, instanceChargeType: 'PostPaid' })
    .then(({ instanceTypes }) => instanceTypes)
    .catch((error: unknown) => {
      // The provider reports an empty result as an error.
      if (/no available zones|no availability resources/i.test(String(error))) return []
      throw error
    })
  return queryCloud(question, result)
}

async function newestImage(architecture: Architecture, region: string): Promise<string> {
  const suffix = architecture === 'arm64' ? 'arm64' : 'x64'
  const { images } = await queryCloud(
    'which images there are',
    alicloud.ecs.getImages({
      owners: 'system',
      nameRegex: `^debian_13_[0-9]+_${suffix}_`,
      mostRecent: true,
    }),
  )
  const [image] = images
  if (image === undefined) {
    throw new pulumi.RunError(
      `There is no public Debian 13 image for ${architecture} in ${region}: set alicloud:region to another region.`,
    )
  }
  return image.imageId
}
