import { secondText } from '../time-text.ts'

/** Protocols of rules. */
export type RuleProtocol = 'TCP' | 'UDP' | 'ICMP' | 'ICMPv6' | 'GRE' | 'ALL'

/** The source of packets. */
export type RulePeer =
  | { readonly kind: 'cidr'; readonly cidr: string }
  | { readonly kind: 'ipv6'; readonly cidr: string }
  | { readonly kind: 'group'; readonly groupId: string }

/** An inbound rule of a security group. */
export interface SecurityGroupRule {
  readonly id: string
  readonly createdAt: number
  readonly protocol: RuleProtocol
  /** E.g. `80/80`, or `-1/-1` for protocols without ports. */
  readonly portRange: string
  readonly source: RulePeer
  readonly policy: 'Accept' | 'Drop'
  /** 1 is evaluated first. */
  readonly priority: number
  description: string
}

/** Returns whether two rules are about the same packets: descriptions do not matter. */
export function isSameRule(
  one: Omit<SecurityGroupRule, 'id' | 'createdAt' | 'description'>,
  other: Omit<SecurityGroupRule, 'id' | 'createdAt' | 'description'>,
): boolean {
  return (
    one.protocol === other.protocol &&
    one.portRange === other.portRange &&
    one.policy === other.policy &&
    one.priority === other.priority &&
    JSON.stringify(one.source) === JSON.stringify(other.source)
  )
}

/** Returns a rule as DescribeSecurityGroupAttribute lists it. */
export function describeRule(rule: SecurityGroupRule): object {
  const { source } = rule
  return {
    SecurityGroupRuleId: rule.id,
    Direction: 'ingress',
    IpProtocol: rule.protocol,
    PortRange: rule.portRange,
    SourcePortRange: '',
    SourceCidrIp: source.kind === 'cidr' ? source.cidr : '',
    Ipv6SourceCidrIp: source.kind === 'ipv6' ? source.cidr : '',
    SourceGroupId: source.kind === 'group' ? source.groupId : '',
    SourceGroupName: '',
    SourceGroupOwnerAccount: '',
    SourcePrefixListId: '',
    SourcePrefixListName: '',
    DestCidrIp: '',
    Ipv6DestCidrIp: '',
    DestGroupId: '',
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
