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

/** The first address of a vSwitch and its last three are the cloud's own. */
const RESERVED_ADDRESSES = 4

/** A vSwitch that has just been asked for. */
export function newVSwitch(wanted: Omit<VSwitch, 'id' | 'status'>): VSwitch {
  return { ...wanted, id: newResourceId('vsw', wanted.region), status: 'Pending' }
}

/** The block of a vSwitch, whose text has been checked when it was made. */
export function blockOf(vSwitch: { cidrBlock: string }): Ipv4Block {
  const block = parseBlock(vSwitch.cidrBlock)
  if (!block) throw new Error(`not a CIDR block: ${vSwitch.cidrBlock}`)
  return block
}

/** Whether an instance may have this address: in the block and not one of the cloud's own. */
export function isAssignable(vSwitch: VSwitch, address: number): boolean {
  const { network, prefix } = blockOf(vSwitch)
  const last = network + blockSize({ network, prefix }) - 1
  return address > network && address <= last - 3
}

/** The lowest address that is free; undefined when none is. */
export function freeAddress(vSwitch: VSwitch, taken: ReadonlySet<string>): string | undefined {
  const block = blockOf(vSwitch)
  for (let address = block.network + 1; isAssignable(vSwitch, address); address++) {
    const text = formatIpv4(address)
    if (!taken.has(text)) return text
  }
  return undefined
}

/** The answer of DescribeVSwitchAttributes. */
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
