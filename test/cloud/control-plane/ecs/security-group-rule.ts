import { secondText } from '../parameter-values.ts'

/** Which way a rule's packets go. */
export type Direction = 'ingress' | 'egress'

/** Protocols that rules name. */
export type RuleProtocol = 'TCP' | 'UDP' | 'ICMP' | 'ICMPv6' | 'GRE' | 'ALL'

/** What the far end of a rule is. */
export type RulePeer =
  | { readonly kind: 'cidr'; readonly cidr: string }
  | { readonly kind: 'ipv6'; readonly cidr: string }
  | { readonly kind: 'group'; readonly groupId: string }

/** A rule of a security group. */
export interface SecurityGroupRule {
  readonly id: string
  readonly createdAt: number
  readonly direction: Direction
  readonly protocol: RuleProtocol
  /** E.g. `80/80`, or `-1/-1` for protocols without ports. */
  readonly portRange: string
  readonly peer: RulePeer
  readonly policy: 'Accept' | 'Drop'
  /** 1 is looked at first. */
  readonly priority: number
  description: string
}

/** Whether two rules let the same packets pass: descriptions do not matter. */
export function isSameRule(
  one: Omit<SecurityGroupRule, 'id' | 'createdAt' | 'description'>,
  other: Omit<SecurityGroupRule, 'id' | 'createdAt' | 'description'>,
): boolean {
  return (
    one.direction === other.direction &&
    one.protocol === other.protocol &&
    one.portRange === other.portRange &&
    one.policy === other.policy &&
    one.priority === other.priority &&
    JSON.stringify(one.peer) === JSON.stringify(other.peer)
  )
}

/** A rule as DescribeSecurityGroupAttribute lists it. */
export function describeRule(rule: SecurityGroupRule): object {
  const inward = rule.direction === 'ingress'
  const cidr = rule.peer.kind === 'cidr' ? rule.peer.cidr : ''
  const ipv6 = rule.peer.kind === 'ipv6' ? rule.peer.cidr : ''
  const groupId = rule.peer.kind === 'group' ? rule.peer.groupId : ''
  return {
    SecurityGroupRuleId: rule.id,
    Direction: rule.direction,
    IpProtocol: rule.protocol,
    PortRange: rule.portRange,
    SourcePortRange: '',
    SourceCidrIp: inward ? cidr : '',
    Ipv6SourceCidrIp: inward ? ipv6 : '',
    SourceGroupId: inward ? groupId : '',
    SourceGroupName: '',
    SourceGroupOwnerAccount: '',
    SourcePrefixListId: '',
    SourcePrefixListName: '',
    DestCidrIp: inward ? '' : cidr,
    Ipv6DestCidrIp: inward ? '' : ipv6,
    DestGroupId: inward ? '' : groupId,
    DestGroupName: '',
    DestGroupOwnerAccount: '',
    DestPrefixListId: '',
    DestPrefixListName: '',
    NicType: 'intranet',
    Policy: rule.policy,
    Priority: String(rule.priority),
    Description: rule.description,
    CreateTime: secondText(rule.createdAt),
  }
}
