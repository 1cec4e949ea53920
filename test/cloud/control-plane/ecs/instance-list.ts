import type { Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { listAction } from '../list-action.ts'
import { listOf, recordsOf } from '../parameter-values.ts'
import { ecsTags, TAG_PARAMETERS } from '../resource-tags.ts'
import { minuteText } from '../time-text.ts'
import { DEFAULT_RESOURCE_GROUP } from '../vpc/vpc.ts'
import { describeInstanceBase, type Instance } from './instance.ts'
import { listedInstances } from './lookup.ts'
import { pages } from './parameters.ts'
import { refuse } from './refusals.ts'

const ADDITIONAL = new Set([
  'META_OPTIONS',
  'DDH_CLUSTER',
  'NETWORK_PRIMARY_ENI_IP',
  'LOGIN_AS_NON_ROOT',
  'DISK_HIGH_DENSITY_MODE',
  'CPU_OPTIONS_TOPOLOGY_TYPE',
])

function eipOf(state: ComputeState, instance: Instance): object {
  const eip = state.eips.all().find(({ instanceId }) => instanceId === instance.id)
  if (!eip) return { AllocationId: '', IpAddress: '', InternetChargeType: '' }
  return {
    AllocationId: eip.id,
    IpAddress: eip.address,
    InternetChargeType: eip.internetChargeType,
    Bandwidth: eip.bandwidth,
    IsSupportUnassociate: true,
  }
}

function metadataOptions(instance: Instance, additional: readonly string[]): object {
  if (!additional.includes('META_OPTIONS')) {
    return { HttpEndpoint: '', HttpTokens: '' }
  }
  return {
    HttpEndpoint: instance.metadata.httpEndpoint,
    HttpTokens: instance.metadata.httpTokens,
    // DescribeInstances returns 0 whatever an instance was created with: the parameter is not available yet.
    HttpPutResponseHopLimit: 0,
  }
}

/** Returns an item of DescribeInstances. */
function describeInstance(
  state: ComputeState,
  instance: Instance,
  additional: readonly string[],
): object {
  const { networkInterface, type, image } = instance
  return {
    ...describeInstanceBase(instance),
    OSName: image.osName,
    OSNameEn: image.osNameEnglish,
    OSType: 'linux',
    InstanceTypeFamily: type.family,
    CpuOptions: { CoreCount: Math.max(1, type.cpuCores / 2), ThreadsPerCore: 2, Numa: '' },
    IoOptimized: true,
    InternetMaxBandwidthOut: instance.bandwidthOut,
    SpotStrategy: instance.spotStrategy,
    SpotPriceLimit: 0,
    SpotDuration: 0,
    SpotInterruptionBehavior: '',
    DeletionProtection: instance.deletionProtection,
    DeploymentSetId: '',
    HpcClusterId: '',
    KeyPairName: '',
    Recyclable: false,
    DeviceAvailable: true,
    SaleCycle: '',
    ResourceGroupId: DEFAULT_RESOURCE_GROUP,
    StartTime: instance.startedAt === undefined ? '' : minuteText(instance.startedAt),
    AutoReleaseTime: '',
    GPUAmount: 0,
    GPUSpec: '',
    LocalStorageAmount: 0,
    VlanId: '',
    ClusterId: '',
    PublicIpAddress: { IpAddress: instance.publicIp === undefined ? [] : [instance.publicIp] },
    RdmaIpAddress: { IpAddress: [] },
    EipAddress: eipOf(state, instance),
    NetworkInterfaces: {
      NetworkInterface: [
        {
          NetworkInterfaceId: networkInterface.id,
          Type: 'Primary',
          MacAddress: networkInterface.mac,
          PrimaryIpAddress: networkInterface.privateIp,
          PrivateIpSets: {
            PrivateIpSet: [{ PrivateIpAddress: networkInterface.privateIp, Primary: true }],
          },
        },
      ],
    },
    MetadataOptions: metadataOptions(instance, additional),
    DedicatedHostAttribute: { DedicatedHostId: '', DedicatedHostName: '' },
    DedicatedInstanceAttribute: { Affinity: '', Tenancy: '' },
    EcsCapacityReservationAttr: { CapacityReservationId: '', CapacityReservationPreference: '' },
    HibernationOptions: { Configured: false },
    ImageOptions: { LoginAsNonRoot: false },
    AdditionalInfo: { EnableHighDensityMode: false },
    Tags: ecsTags(instance.tags),
  }
}

/** Returns the action that lists instances; a new one may be missing for a moment. */
export function instanceListActions(state: ComputeState): Actions {
  return {
    DescribeInstances: listAction({
      parameters: ['RegionId', 'InstanceIds?', 'AdditionalAttributes.N?', ...TAG_PARAMETERS],
      all(call) {
        const tags = recordsOf(call.parameters, 'Tag')
        return listedInstances(state, call)
          .filter(({ createdAt }) => call.now - createdAt >= state.consistencyMs)
          .filter((instance) =>
            tags.every(
              ({ Key = '', Value }) =>
                instance.tags.has(Key) && (Value === undefined || instance.tags.get(Key) === Value),
            ),
          )
      },
      filters: {
        InstanceName: ({ name }) => name,
        Status: ({ status }) => status,
        ZoneId: ({ zoneId }) => zoneId,
        VpcId: ({ networkInterface }) => networkInterface.vpcId,
        VSwitchId: ({ networkInterface }) => networkInterface.vSwitchId,
        SecurityGroupId: ({ networkInterface }) => networkInterface.securityGroupIds,
        ImageId: ({ image }) => image.id,
        InstanceType: ({ type }) => type.id,
      },
      paging: pages,
      answer(instances, { parameters }) {
        const additional = listOf(parameters, 'AdditionalAttributes')
        if (additional.some((name) => !ADDITIONAL.has(name))) throw refuse('InvalidParameter')
        const described = instances.map((each) => describeInstance(state, each, additional))
        return { NextToken: '', Instances: { Instance: described } }
      },
    }),
  }
}
