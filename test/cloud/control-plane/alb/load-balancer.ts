import { randomTail } from '../resource-id.ts'
import type { ResourceTags } from '../resource-tags.ts'
import { vpcTags } from '../resource-tags.ts'
import { secondText } from '../time-text.ts'
import { DEFAULT_RESOURCE_GROUP } from '../vpc/vpc.ts'

/** A zone of a load balancer. */
export interface BalancerZone {
  readonly zoneId: string
  readonly vSwitchId: string
  /** Public address; empty for an internal load balancer. */
  readonly address: string
  /** Of the EIP behind the address, which belongs to the service. */
  readonly allocationId: string
  readonly intranetAddress: string
  /** Source address of its connections to servers. */
  readonly localAddress: string
  /** Of the network interfaces with the two addresses. */
  readonly interfaceIds: readonly string[]
}

/** An application load balancer. */
export interface LoadBalancer {
  readonly id: string
  readonly region: string
  readonly createdAt: number
  readonly vpcId: string
  readonly addressType: 'Internet' | 'Intranet'
  readonly addressAllocatedMode: 'Fixed' | 'Dynamic'
  readonly edition: 'Basic' | 'Standard' | 'StandardWithWaf'
  readonly dnsName: string
  readonly tags: ResourceTags
  readonly zones: readonly BalancerZone[]
  name: string
  status: 'Provisioning' | 'Active' | 'Deleting'
  deletionProtection: boolean
}

/**
 * Returns id and name of a new load balancer: both carry the same 18 letters and digits.
 * Source: "ALB instance overview", ALB documentation (names of the international site).
 */
export function newBalancerNames(
  region: string,
  addressType: LoadBalancer['addressType'],
): { id: string; dnsName: string } {
  const id = `alb-${randomTail(18)}`
  const where = addressType === 'Internet' ? region : `internal.${region}`
  return { id, dnsName: `${id}.${where}.alb.aliyuncsslbintl.com` }
}

/**
 * Returns whether a load balancer serves requests for a host: any but its own name, which those made
 * since 2024-11-15 do not serve. Source: "ALB instance overview", ALB documentation.
 *
 * @param host Of the request's Host header, with or without a port
 */
export function servesHost(dnsName: string, host = ''): boolean {
  return host.replace(/:\d+$/, '').toLowerCase() !== dnsName
}

function describeZone(zone: BalancerZone): object {
  return {
    ZoneId: zone.zoneId,
    VSwitchId: zone.vSwitchId,
    AllocationId: zone.allocationId,
    EipType: zone.allocationId === '' ? '' : 'Common',
    Status: 'Active',
    LoadBalancerAddresses: [
      {
        Address: zone.address,
        AllocationId: zone.allocationId,
        EipType: zone.allocationId === '' ? '' : 'Common',
        IntranetAddress: zone.intranetAddress,
        IntranetAddressHcStatus: 'Healthy',
        Ipv6Address: '',
        Ipv6AddressHcStatus: '',
        Ipv4LocalAddresses: [zone.localAddress],
        Ipv6LocalAddresses: [],
      },
    ],
  }
}

/** Returns the answer of GetLoadBalancerAttribute, and an item of ListLoadBalancers. */
export function describeLoadBalancer(balancer: LoadBalancer): object {
  return {
    LoadBalancerId: balancer.id,
    LoadBalancerName: balancer.name,
    LoadBalancerStatus: balancer.status === 'Deleting' ? 'Configuring' : balancer.status,
    LoadBalancerBussinessStatus: 'Normal',
    LoadBalancerEdition: balancer.edition,
    LoadBalancerVersion: '2',
    LoadBalancerBillingConfig: { PayType: 'PostPay' },
    LoadBalancerOperationLocks: [],
    AddressAllocatedMode: balancer.addressAllocatedMode,
    AddressType: balancer.addressType,
    AddressIpVersion: 'Ipv4',
    Ipv6AddressType: '',
    BandwidthPackageId: '',
    DNSName: balancer.dnsName,
    CreateTime: secondText(balancer.createdAt),
    RegionId: balancer.region,
    ResourceGroupId: DEFAULT_RESOURCE_GROUP,
    VpcId: balancer.vpcId,
    AccessLogConfig: {},
    BackToOriginRouteEnabled: false,
    ConfigManagedEnabled: false,
    ServiceManagedEnabled: false,
    ServiceManagedMode: '',
    DeletionProtectionConfig: { Enabled: balancer.deletionProtection },
    ModificationProtectionConfig: { Status: 'NonProtection' },
    FeatureLabels: [],
    SecurityGroupIds: [],
    AssociatedResources: [],
    Tags: vpcTags(balancer.tags).Tag,
    ZoneMappings: balancer.zones.map(describeZone),
  }
}
