import type { ActionCall, Actions } from '../action.ts'
import type { InstanceType } from '../catalogue/instance-types.ts'
import type { ComputeState } from '../compute-state.ts'
import { wholeNumber } from '../parameter-values.ts'
import { refuse } from './refusals.ts'

function checkCharges(call: ActionCall): void {
  const { InstanceChargeType = 'PostPaid', SpotStrategy = 'NoSpot' } = call.parameters
  if (!['PostPaid', 'PrePaid'].includes(InstanceChargeType)) {
    throw refuse('Invalid.InstanceChargeType')
  }
  if (!['NoSpot', 'SpotAsPriceGo', 'SpotWithPriceLimit'].includes(SpotStrategy)) {
    throw refuse('Invalid.SpotStrategy')
  }
}

interface Supported {
  Value: string
  Status: 'Available' | 'SoldOut'
  StatusCategory: 'WithStock' | 'WithoutStock'
}

function supported(value: string, inStock: boolean): Supported {
  return {
    Value: value,
    Status: inStock ? 'Available' : 'SoldOut',
    StatusCategory: inStock ? 'WithStock' : 'WithoutStock',
  }
}

function matchingTypes(state: ComputeState, call: ActionCall, zoneId: string): InstanceType[] {
  const { Cores, Memory, InstanceType, SystemDiskCategory } = call.parameters
  const cores = Cores === undefined ? undefined : wholeNumber(Cores)
  const memory = Memory === undefined ? undefined : Number(Memory)
  if (Cores !== undefined && cores === undefined) throw refuse('InvalidParameter')
  if (memory !== undefined && !Number.isFinite(memory)) throw refuse('InvalidParameter')
  return state.catalogue
    .typesOffered(zoneId)
    .filter((type) => cores === undefined || type.cpuCores === cores)
    .filter((type) => memory === undefined || type.memory === memory)
    .filter((type) => InstanceType === undefined || type.id === InstanceType)
    .filter(
      (type) =>
        SystemDiskCategory === undefined ||
        type.systemDiskCategories.some((category) => category === SystemDiskCategory),
    )
}

/** Returns the action that lists what the zones of the region sell, in stock or not. */
export function availabilityActions(state: ComputeState): Actions {
  return {
    /** Zones that sell nothing that matches are left out. */
    DescribeAvailableResource: {
      parameters: [
        'RegionId',
        'DestinationResource',
        'ZoneId?',
        'InstanceType?',
        'Cores?',
        'Memory?',
        'IoOptimized?',
        'SystemDiskCategory?',
        'InstanceChargeType?',
        'SpotStrategy?',
        'NetworkCategory?',
        'ResourceType?',
      ],
      handle(call) {
        const { DestinationResource = '', ZoneId, IoOptimized, InstanceType } = call.parameters
        const {
          NetworkCategory = 'vpc',
          ResourceType = 'instance',
          Cores,
          Memory,
        } = call.parameters
        const { region } = state
        checkCharges(call)
        if (!['Zone', 'InstanceType', 'SystemDisk'].includes(DestinationResource)) {
          throw refuse('Invalid.DestinationResource')
        }
        // The service requires IoOptimized for all but zones, and its message names another parameter.
        if (DestinationResource !== 'Zone' && IoOptimized === undefined)
          throw refuse('Invalid.Param')
        if (!['none', 'optimized'].includes(IoOptimized ?? 'optimized')) {
          throw refuse('Invalid.IoOptimized')
        }
        if (!['vpc', 'classic'].includes(NetworkCategory.toLowerCase())) {
          throw refuse('Invalid.NetworkCategory')
        }
        if (ResourceType !== 'instance') throw refuse('Invalid.ResourceType')
        if (InstanceType !== undefined && (Cores !== undefined || Memory !== undefined)) {
          throw refuse('InvalidParam.TypeAndCpuMem.Conflict')
        }
        // Nothing that is sold here lacks I/O optimization.
        const open = IoOptimized === 'none' ? [] : state.catalogue.zones(region)
        if (ZoneId && !open.includes(ZoneId)) throw refuse('InvalidZoneId.NotFound')
        const zones = open
          .filter((zoneId) => !ZoneId || zoneId === ZoneId)
          .flatMap((zoneId) => {
            const types = matchingTypes(state, call, zoneId)
            if (types.length === 0) return []
            const inStock = types.some((type) => state.catalogue.inStock(type.id, zoneId))
            const resources =
              DestinationResource === 'InstanceType'
                ? types.map((type) => supported(type.id, state.catalogue.inStock(type.id, zoneId)))
                : DestinationResource === 'SystemDisk'
                  ? [...new Set(types.flatMap((type) => type.systemDiskCategories))].map(
                      (name) => ({
                        ...supported(name, inStock),
                        Min: 20,
                        Max: 2048,
                        Unit: 'GiB',
                      }),
                    )
                  : []
            return {
              RegionId: region,
              ZoneId: zoneId,
              Status: inStock ? 'Available' : 'SoldOut',
              StatusCategory: inStock ? 'WithStock' : 'WithoutStock',
              AvailableResources: {
                AvailableResource:
                  resources.length === 0
                    ? []
                    : [
                        {
                          Type: DestinationResource,
                          SupportedResources: { SupportedResource: resources },
                        },
                      ],
              },
            }
          })
        return { AvailableZones: { AvailableZone: zones } }
      },
    },
  }
}
