import type { Actions } from '../action.ts'
import type { InstanceType } from '../catalogue/instance-types.ts'
import type { ComputeState } from '../compute-state.ts'
import { listAction } from '../list-action.ts'
import { EVERYTHING } from '../paging.ts'
import { oneOf } from './parameters.ts'
import { refuse } from './refusals.ts'

function cpuArchitecture({ architecture }: InstanceType): 'ARM' | 'X86' {
  return architecture === 'arm64' ? 'ARM' : 'X86'
}

function describeType(type: InstanceType): object {
  return {
    InstanceTypeId: type.id,
    InstanceTypeFamily: type.family,
    InstanceFamilyLevel: type.burstable ? 'CreditEntryLevel' : 'EnterpriseLevel',
    InstanceCategory: type.burstable ? 'Shared' : 'General-purpose',
    CpuArchitecture: cpuArchitecture(type),
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

/** Returns the actions that list instance types, wherever they are sold. */
export function instanceTypeActions({ catalogue, region }: ComputeState): Actions {
  return {
    DescribeInstanceTypes: listAction({
      // The provider sends these two; the reference does not list them, and the service ignores them.
      parameters: ['SystemDiskCategory?', 'InstanceType?', 'CpuArchitecture?'],
      all({ parameters }) {
        const architecture = oneOf(parameters, 'CpuArchitecture', ['X86', 'ARM'])
        return catalogue
          .instanceTypes()
          .filter((type) => !architecture || cpuArchitecture(type) === architecture)
      },
      filters: { InstanceTypeFamily: ({ family }) => family, 'InstanceTypes.N': ({ id }) => id },
      paging: EVERYTHING,
      answer: (types) => ({
        NextToken: '',
        InstanceTypes: { InstanceType: types.map(describeType) },
      }),
    }),
    /** Lists the types that an image boots on. */
    DescribeImageSupportInstanceTypes: {
      parameters: ['RegionId', 'ImageId'],
      handle(call) {
        const image = catalogue.image(call.parameters.ImageId ?? '')
        if (!image) throw refuse('InvalidImageId.NotFound')
        const found = catalogue
          .instanceTypes()
          .filter((type) => type.architecture === image.architecture)
        return {
          RegionId: region,
          ImageId: image.id,
          InstanceTypes: { InstanceType: found.map(describeType) },
        }
      },
    },
  }
}
