import { randomBytes } from 'node:crypto'
import { newResourceId } from '../resource-id.ts'
import { ecsTags, type ResourceTags } from '../resource-tags.ts'
import { secondText } from '../time-text.ts'
import { DEFAULT_RESOURCE_GROUP } from '../vpc/vpc.ts'

/**
 * The primary network interface of an instance: it keeps vSwitch and security groups in use, and
 * it outlives its instance by a moment.
 */
export interface NetworkInterface {
  readonly id: string
  readonly region: string
  readonly createdAt: number
  readonly instanceId: string
  readonly zoneId: string
  readonly vpcId: string
  readonly tags: ResourceTags
  /** `00:16:3e:…` */
  readonly mac: string
  vSwitchId: string
  privateIp: string
  securityGroupIds: string[]
}

/** Returns a new interface for an instance. */
export function newNetworkInterface(
  wanted: Omit<NetworkInterface, 'id' | 'mac'>,
): NetworkInterface {
  const tail = [...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, '0'))
  return {
    ...wanted,
    id: newResourceId('eni', wanted.region),
    mac: ['00', '16', '3e', ...tail].join(':'),
  }
}

/** Returns an item of DescribeNetworkInterfaces. */
export function describeNetworkInterface(
  networkInterface: NetworkInterface,
  ownerId: string,
): object {
  return {
    NetworkInterfaceId: networkInterface.id,
    NetworkInterfaceName: '',
    Description: '',
    // An interface without an instance belongs to a load balancer.
    Type: networkInterface.instanceId === '' ? 'Secondary' : 'Primary',
    Status: 'InUse',
    NetworkInterfaceTrafficMode: 'Standard',
    InstanceId: networkInterface.instanceId,
    ZoneId: networkInterface.zoneId,
    VpcId: networkInterface.vpcId,
    VSwitchId: networkInterface.vSwitchId,
    MacAddress: networkInterface.mac,
    PrivateIpAddress: networkInterface.privateIp,
    PrivateIpSets: {
      PrivateIpSet: [{ PrivateIpAddress: networkInterface.privateIp, Primary: true }],
    },
    Ipv6Sets: { Ipv6Set: [] },
    Ipv4PrefixSets: { Ipv4PrefixSet: [] },
    Ipv6PrefixSets: { Ipv6PrefixSet: [] },
    SecurityGroupIds: { SecurityGroupId: networkInterface.securityGroupIds },
    Attachment: { InstanceId: networkInterface.instanceId, DeviceIndex: 0, NetworkCardIndex: 0 },
    DeleteOnRelease: true,
    SourceDestCheck: false,
    QueueNumber: 2,
    QueuePairNumber: 0,
    ServiceManaged: networkInterface.instanceId === '',
    OwnerId: ownerId,
    ResourceGroupId: DEFAULT_RESOURCE_GROUP,
    CreationTime: secondText(networkInterface.createdAt),
    Tags: ecsTags(networkInterface.tags),
  }
}

/** Returns the VpcAttributes of an instance. */
export function describeVpcAttributes({ vpcId, vSwitchId, privateIp }: NetworkInterface): object {
  return {
    VpcId: vpcId,
    VSwitchId: vSwitchId,
    NatIpAddress: '',
    PrivateIpAddress: { IpAddress: [privateIp] },
  }
}
