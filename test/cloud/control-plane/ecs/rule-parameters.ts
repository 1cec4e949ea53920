import type { ComputeState } from '../compute-state.ts'
import { wholeNumber } from '../parameter-values.ts'
import { parseBlock, parseIpv4 } from '../vpc/ipv4.ts'
import { refuse } from './refusals.ts'
import type { SecurityGroup } from './security-group.ts'
import type { RulePeer, RuleProtocol, SecurityGroupRule } from './security-group-rule.ts'

/** Names of the fields of a rule: `Permissions.N.` precedes them, or they stand alone. */
export const RULE_FIELDS = [
  'IpProtocol',
  'PortRange',
  'SourceCidrIp',
  'Ipv6SourceCidrIp',
  'SourceGroupId',
  'NicType',
  'Policy',
  'Priority',
  'Description',
] as const

type RuleFields = Readonly<Partial<Record<(typeof RULE_FIELDS)[number], string>>>

const PROTOCOLS: Readonly<Record<string, RuleProtocol>> = {
  tcp: 'TCP',
  udp: 'UDP',
  icmp: 'ICMP',
  icmpv6: 'ICMPv6',
  gre: 'GRE',
  all: 'ALL',
}

function checkPortRange(text: string, protocol: RuleProtocol): string {
  const match = /^(-?\d{1,5})\/(-?\d{1,5})$/.exec(text)
  if (!match) throw refuse('InvalidIpProtocol.Malformed')
  const from = Number(match[1])
  const to = Number(match[2])
  if (protocol !== 'TCP' && protocol !== 'UDP') {
    if (from !== -1 || to !== -1) throw refuse('OperationDenied')
    return '-1/-1'
  }
  if (from < 1 || to > 65_535 || from > to) throw refuse('InvalidIpProtocol.Malformed')
  return `${from}/${to}`
}

function checkPriority(text: string): number {
  const priority = wholeNumber(text)
  if (priority === undefined || priority < 1 || priority > 100) {
    throw refuse('InvalidPriority.ValueNotSupported')
  }
  return priority
}

function checkPolicy(text: string): SecurityGroupRule['policy'] {
  const policy = text.toLowerCase()
  if (policy !== 'accept' && policy !== 'drop') throw refuse('InvalidPolicy.Malformed')
  return policy === 'accept' ? 'Accept' : 'Drop'
}

function checkSource(
  state: ComputeState,
  group: SecurityGroup,
  { SourceCidrIp, Ipv6SourceCidrIp, SourceGroupId }: RuleFields,
): RulePeer {
  if (SourceCidrIp) {
    // An address without a prefix length stands for itself; the service returns it unchanged.
    if (!parseBlock(SourceCidrIp) && parseIpv4(SourceCidrIp) === undefined) {
      throw refuse('InvalidSourceCidrIp.Malformed')
    }
    return { kind: 'cidr', cidr: SourceCidrIp }
  }
  if (Ipv6SourceCidrIp) {
    if (!/^[0-9a-fA-F:]{2,39}(\/\d{1,3})?$/.test(Ipv6SourceCidrIp)) {
      throw refuse('InvalidSourceCidrIp.Malformed')
    }
    return { kind: 'ipv6', cidr: Ipv6SourceCidrIp }
  }
  if (!SourceGroupId) throw refuse('MissingParameter.Source')
  const source = state.securityGroups.require(
    SourceGroupId,
    refuse('InvalidSourceGroupId.NotFound'),
  )
  if (source.vpcId !== group.vpcId) throw refuse('InvalidSourceGroupId.Mismatch')
  return { kind: 'group', groupId: SourceGroupId }
}

/**
 * Reads a rule from its fields.
 *
 * @throws ActionError for values that the service refuses
 */
export function parseRule(
  state: ComputeState,
  group: SecurityGroup,
  fields: RuleFields,
): Omit<SecurityGroupRule, 'id' | 'createdAt'> {
  const protocol = PROTOCOLS[(fields.IpProtocol ?? '').toLowerCase()]
  if (!protocol) throw refuse('InvalidIpProtocol.ValueNotSupported')
  if (fields.PortRange === undefined) throw refuse('InvalidIpProtocol.Malformed')
  const nicType = fields.NicType ?? 'intranet'
  if (nicType !== 'intranet') throw refuse('InvalidNicType.ValueNotSupported')
  const description = fields.Description ?? ''
  if (description.length > 512 || /^https?:\/\//.test(description)) {
    throw refuse(
      'InvalidSecurityGroupDiscription.Malformed',
      'The specified security group rule description is not valid.',
    )
  }
  return {
    protocol,
    portRange: checkPortRange(fields.PortRange, protocol),
    source: checkSource(state, group, fields),
    policy: checkPolicy(fields.Policy ?? 'accept'),
    priority: checkPriority(fields.Priority ?? '1'),
    description,
  }
}
