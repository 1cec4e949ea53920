import { newResourceId } from '../resource-id.ts'
import { type ResourceTags, vpcTags } from '../resource-tags.ts'
import { secondText } from '../time-text.ts'

/** A virtual private cloud with its router and system route table. */
export interface Vpc {
  readonly id: string
  readonly region: string
  readonly createdAt: number
  readonly routerId: string
  readonly routeTableId: string
  readonly tags: ResourceTags
  status: 'Pending' | 'Available'
  name: string
  description: string
  /** E.g. `192.168.0.0/16`. */
  cidrBlock: string
  dnsHostnames: boolean
  routeTableName: string
  routeTableDescription: string
}

/** The account's only resource group. */
export const DEFAULT_RESOURCE_GROUP = 'rg-acfmxazb4ph6aiy'

/** Returns a new VPC. */
export function newVpc(
  wanted: Pick<Vpc, 'region' | 'createdAt' | 'name' | 'description' | 'cidrBlock' | 'tags'> & {
    dnsHostnames: boolean
  },
): Vpc {
  return {
    ...wanted,
    id: newResourceId('vpc', wanted.region),
    routerId: newResourceId('vrt', wanted.region),
    routeTableId: newResourceId('vtb', wanted.region),
    status: 'Pending',
    routeTableName: '',
    routeTableDescription: '',
  }
}

/** Returns the answer of DescribeVpcAttribute. */
export function describeVpc(vpc: Vpc, accountId: string, vSwitchIds: readonly string[]): object {
  return {
    VpcId: vpc.id,
    VpcName: vpc.name,
    Description: vpc.description,
    CidrBlock: vpc.cidrBlock,
    Status: vpc.status,
    RegionId: vpc.region,
    VRouterId: vpc.routerId,
    CreationTime: secondText(vpc.createdAt),
    OwnerId: Number(accountId),
    IsDefault: false,
    ClassicLinkEnabled: false,
    ResourceGroupId: DEFAULT_RESOURCE_GROUP,
    DnsHostnameStatus: vpc.dnsHostnames ? 'ENABLED' : 'DISABLED',
    EnabledIpv6: false,
    Ipv6CidrBlock: '',
    Ipv6CidrBlocks: { Ipv6CidrBlock: [] },
    SecondaryCidrBlocks: { SecondaryCidrBlock: [] },
    UserCidrs: { UserCidr: [] },
    AssociatedCens: { AssociatedCen: [] },
    CloudResources: {
      CloudResourceSetType: [
        { ResourceType: 'VRouter', ResourceCount: 1 },
        { ResourceType: 'VSwitch', ResourceCount: vSwitchIds.length },
        { ResourceType: 'RouteTable', ResourceCount: 1 },
      ],
    },
    VSwitchIds: { VSwitchId: [...vSwitchIds] },
    SupportIpv4Gateway: true,
    Ipv4GatewayId: '',
    NetworkAclNum: '0',
    DhcpOptionsSetId: '',
    DhcpOptionsSetStatus: '',
    Tags: vpcTags(vpc.tags),
  }
}

/** Returns a VPC's system route table as DescribeRouteTableList lists it. */
export function describeSystemRouteTable(
  vpc: Vpc,
  accountId: string,
  vSwitchIds: readonly string[],
): object {
  return {
    RouteTableId: vpc.routeTableId,
    RouteTableName: vpc.routeTableName,
    Description: vpc.routeTableDescription,
    RouteTableType: 'System',
    AssociateType: 'VSwitch',
    RouterId: vpc.routerId,
    RouterType: 'VRouter',
    RoutePropagationEnable: true,
    VpcId: vpc.id,
    Status: vpc.status,
    CreationTime: secondText(vpc.createdAt),
    OwnerId: Number(accountId),
    ResourceGroupId: DEFAULT_RESOURCE_GROUP,
    VSwitchIds: { VSwitchId: [...vSwitchIds] },
    GatewayIds: { GatewayIds: [] },
    Tags: { Tag: [] },
  }
}
