import type { Action } from '../action.ts'
import type { InstanceType } from '../catalogue/instance-types.ts'
import type { ComputeState } from '../compute-state.ts'
import { listOf } from '../parameter-values.ts'
import { requireRegion } from './lookup.ts'
import { refuse } from './refusals.ts'

function describeType(type: InstanceType): object {
  return {
    InstanceTypeId: type.id,
    InstanceTypeFamily: type.family,
    InstanceFamilyLevel: type.burstable ? 'CreditEntryLevel' : 'EnterpriseLevel',
    InstanceCategory: type.burstable ? 'Shared' : 'General-purpose',
    CpuArchitecture: type.architecture === 'arm64' ? 'ARM' : 'X86',
    CpuCoreCount: type.cpuCores,
    MemorySize: type.memory,
    EniQuantity: 2,
    EniTotalQuantity: 2,
    EniPrivateIpAddressQuantity: 6,
    EniIpv6AddressQuantity: 1,
    EniTrunkSupported: false,
    EriQuantity: 0,
    PrimaryEniQueueNumber: 2,
    SecondaryEniQueueNumber: 2,
    MaximumQueueNumberPerEni: 2,
    TotalEniQueueQuantity: 4,
    QueuePairNumber: 0,
    DiskQuantity: 17,
    GPUAmount: 0,
    GPUSpec: '',
    InitialCredit: type.burstable ? 60 : 0,
    BaselineCredit: type.burstable ? 24 : 0,
    InstanceBandwidthRx: 1_024_000,
    InstanceBandwidthTx: 1_024_000,
    InstancePpsRx: 300_000,
    InstancePpsTx: 300_000,
    LocalStorageAmount: 0,
    LocalStorageCategory: '',
    LocalStorageCapacity: 0,
    NvmeSupport: 'unsupported',
    JumboFrameSupport: false,
  }
}

/** Lists instance types, wherever they are sold. */
export function describeInstanceTypes(state: ComputeState): Action {
  return {
    permission: 'ecs:DescribeInstanceTypes',
    parameters: {
      RegionId: 'optional',
      InstanceTypeFamily: 'optional',
      'InstanceTypes.N': 'optional',
      CpuArchitecture: 'optional',
      // The provider sends these two; the service lists them nowhere and takes no heed of them.
      SystemDiskCategory: 'optional',
      InstanceType: 'optional',
    },
    handle(call) {
      const { InstanceTypeFamily, CpuArchitecture } = call.parameters
      if (CpuArchitecture !== undefined && !['X86', 'ARM'].includes(CpuArchitecture)) {
        throw refuse('InvalidParameter')
      }
      const ids = listOf(call.parameters, 'InstanceTypes')
      const found = state.catalogue
        .instanceTypes()
        .filter((type) => ids.length === 0 || ids.includes(type.id))
        .filter((type) => !InstanceTypeFamily || type.family === InstanceTypeFamily)
        .filter(
          (type) =>
            CpuArchitecture === undefined ||
            (CpuArchitecture === 'ARM') === (type.architecture === 'arm64'),
        )
      return { NextToken: '', InstanceTypes: { InstanceType: found.map(describeType) } }
    },
  }
}

/** Lists the types that an image boots on. */
export function describeImageSupportInstanceTypes(state: ComputeState): Action {
  return {
    permission: 'ecs:DescribeImageSupportInstanceTypes',
    parameters: { RegionId: 'required', ImageId: 'required' },
    handle(call) {
      const region = requireRegion(state, call)
      const image = state.catalogue.image(call.parameters.ImageId ?? '')
      if (!image) throw refuse('InvalidImageId.NotFound')
      const found = state.catalogue
        .instanceTypes()
        .filter((type) => type.architecture === image.architecture)
      return {
        RegionId: region,
        ImageId: image.id,
        InstanceTypes: { InstanceType: found.map(describeType) },
      }
    },
  }
}
