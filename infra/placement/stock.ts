import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import { queryCloud } from '../pulumi/query.ts'
import type { Architecture } from './architecture.ts'
import { DISK_CATEGORIES, type DiskCategory } from './disk-categories.ts'
import {
  type PinnedFleetProperty,
  type PinnedProperty,
  pinnedFleetProperties,
  pinnedProperties,
} from './pinned-properties.ts'
import {
  chooseFleetPlacement,
  choosePlacement,
  type FleetPlacement,
  type Offer,
  type Placement,
  type PlacementRequest,
  suitableOffers,
} from './placement.ts'

/** Where the server is put, and what it is made of. */
export interface Machine extends Placement {
  imageId: string
  /** Whether a server's zone stays as it is: it was chosen, and would be another one today. */
  keepZone: boolean
  /** What else an existing server keeps. */
  keep: readonly PinnedProperty[]
}

/**
 * Asks the cloud what is on sale and chooses what the configuration leaves open.
 *
 * @throws pulumi.RunError when there is nothing suitable, or when the cloud does not say
 */
export async function chooseMachine(config: PlacementRequest): Promise<Machine> {
  const [placement, imageId] = await Promise.all([
    place(config),
    newestImage(config.architecture, config.region),
  ])
  return {
    ...placement,
    imageId,
    keepZone: config.zoneId === undefined,
    keep: pinnedProperties(config),
  }
}

/** Where a fleet is put, and what its instances are made of. */
export interface FleetMachines extends FleetPlacement {
  imageId: string
  /** What a fleet that is up keeps as long as nothing else makes it anew. */
  keep: readonly PinnedFleetProperty[]
}

/**
 * Asks the cloud what is on sale in two zones, and chooses what the configuration leaves open.
 *
 * @throws pulumi.RunError when there is nothing suitable, or when the cloud does not say
 */
export async function chooseFleetMachines(config: PlacementRequest): Promise<FleetMachines> {
  const [offers, zones, imageId] = await Promise.all([
    pricedStock(config),
    loadBalancerZones(),
    newestImage(config.architecture, config.region),
  ])
  const placement = chooseFleetPlacement(offers, config, zones)
  return { ...placement, imageId, keep: pinnedFleetProperties(config) }
}

async function loadBalancerZones(): Promise<string[]> {
  const { zones } = await queryCloud('which zones take a load balancer', alicloud.alb.getZones())
  return zones.map(({ zoneId }) => zoneId)
}

async function place(config: PlacementRequest): Promise<Placement> {
  const { zoneId, instanceType, systemDiskCategory } = config
  // Nothing is left to choose, so a server that runs need not be on sale any more.
  if (zoneId && instanceType && systemDiskCategory) {
    return { zoneId, instanceType, systemDiskCategory }
  }
  return choosePlacement(await pricedStock(config), config)
}

/** What would do, with prices where there is a choice; all that is on sale where nothing would do. */
async function pricedStock(config: PlacementRequest): Promise<readonly Offer[]> {
  const { instanceType, systemDiskCategory } = config
  const offers = await stock(systemDiskCategory ? [systemDiskCategory] : DISK_CATEGORIES)
  const suitable = suitableOffers(offers, config)
  const priced = instanceType === undefined ? await withPrices(suitable) : suitable
  return priced.length > 0 ? priced : offers
}

/** Every instance type on sale, with the zones that have it for each kind of disk. */
async function stock(categories: readonly DiskCategory[]): Promise<Offer[]> {
  const offers = new Map<string, Offer>()
  const answers = await Promise.all(
    categories.map((systemDiskCategory) =>
      instanceTypes('what is on sale', { systemDiskCategory }),
    ),
  )
  for (const [index, category] of categories.entries()) {
    for (const type of answers[index] ?? []) {
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

/** Up to this size an instance may be the cheapest; beyond, only if nothing smaller is on sale. */
const SMALL = { cpus: 2, memoryGiB: 4 } as const

/**
 * The smaller offers with their prices; all of them without prices where the account's key may not
 * ask for any.
 */
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
    const answers = await Promise.all(
      [...sizes.values()].map((size) =>
        instanceTypes('what it costs', { ...size, sortedBy: 'Price' }),
      ),
    )
    const prices = new Map(answers.flat().map(({ id, price }) => [id, Number(price)]))
    return offers.map((offer) => {
      const price = prices.get(offer.instanceType)
      return price ? { ...offer, price } : offer
    })
  } catch (error) {
    const why = (error as Error).message
    void pulumi.log.info(`${why} The smallest instance type is taken instead of the cheapest.`)
    return offers
  }
}

async function instanceTypes(question: string, args: alicloud.ecs.GetInstanceTypesArgs) {
  const answer = alicloud.ecs
    .getInstanceTypes({ ...args, instanceChargeType: 'PostPaid' })
    .then(({ instanceTypes }) => instanceTypes)
    .catch((error: unknown) => {
      // The provider takes an empty answer for an error.
      if (/no available zones|no availability resources/i.test(String(error))) return []
      throw error
    })
  return queryCloud(question, answer)
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
