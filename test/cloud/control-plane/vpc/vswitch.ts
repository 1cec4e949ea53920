import { newResourceId } from '../resource-id.ts'
import { type ResourceTags, vpcTags } from '../resource-tags.ts'
import { secondText } from '../time-text.ts'
import { blockSize, formatIpv4, type Ipv4Block, parseBlock } from './ipv4.ts'
import { DEFAULT_RESOURCE_GROUP, type Vpc } from './vpc.ts'

/** A subnet of a VPC in one zone. */
export interface VSwitch {
  readonly id: string
  readonly region: string
  readonly createdAt: number
  readonly vpcId: string
  readonly zoneId: string
  /** E.g. `192.168.0.0/24`. */
  readonly cidrBlock: string
  readonly tags: ResourceTags
  status: 'Pending' | 'Available'
  name: string
  description: string
}

/** The first address of a vSwitch and its last three are reserved. */
const RESERVED_ADDRESSES = 4

/** Returns a new vSwitch. */
export function newVSwitch(wanted: Omit<VSwitch, 'id' | 'status'>): VSwitch {
  return { ...wanted, id: newResourceId('vsw', wanted.region), status: 'Pending' }
}

/** Returns the block of a vSwitch or VPC. */
export function blockOf(vSwitch: { cidrBlock: string }): Ipv4Block {
  const block = parseBlock(vSwitch.cidrBlock)
  if (!block) throw new Error(`not a CIDR block: ${vSwitch.cidrBlock}`)
  return block
}

/** Returns whether an instance may have an address: in the block and not reserved. */
export function isAssignable(vSwitch: VSwitch, address: number): boolean {
  const { network, prefix } = blockOf(vSwitch)
  const last = network + blockSize({ network, prefix }) - 1
  return address > network && address <= last - 3
}

/** Returns the lowest free address; undefined when there is none. */
export function freeAddress(vSwitch: VSwitch, taken: ReadonlySet<string>): string | undefined {
  const block = blockOf(vSwitch)
  for (let address = block.network + 1; isAssignable(vSwitch, address); address++) {
    const text = formatIpv4(address)
    if (!taken.has(text)) return text
  }
  return undefined
}

/** Returns the answer of DescribeVSwitchAttributes. */
export function describeVSwitch(
  vSwitch: VSwitch,
  vpc: Vpc,
  accountId: string,
  addressesInUse: number,
): object {
  return {
    VSwitchId: vSwitch.id,
    VSwitchName: vSwitch.name,
    Description: vSwitch.description,
    VpcId: vSwitch.vpcId,
    ZoneId: vSwitch.zoneId,
    CidrBlock: vSwitch.cidrBlock,
    // The provider reads an absent key as "IPv6 is on".
    Ipv6CidrBlock: '',
    EnabledIpv6: false,
    Status: vSwitch.status,
    CreationTime: secondText(vSwitch.createdAt),
    IsDefault: false,
    OwnerId: Number(accountId),
    ResourceGroupId: DEFAULT_RESOURCE_GROUP,
    NetworkAclId: '',
    ShareType: '',
    AvailableIpAddressCount: blockSize(blockOf(vSwitch)) - RESERVED_ADDRESSES - addressesInUse,
    RouteTable: { RouteTableId: vpc.routeTableId, RouteTableType: 'System' },
    CloudResources: { CloudResourceSetType: [] },
    Tags: vpcTags(vSwitch.tags),
  }
}
