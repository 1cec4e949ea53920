import type { ComputeState } from '../compute-state.ts'
import { wholeNumber } from '../parameter-values.ts'
import { parseBlock, parseIpv4 } from '../vpc/ipv4.ts'
import { refuse } from './refusals.ts'
import type { SecurityGroup } from './security-group.ts'
import type { Direction, RulePeer, RuleProtocol, SecurityGroupRule } from './security-group-rule.ts'

/** A rule as it is asked for, without what the service adds. */
export type WantedRule = Omit<SecurityGroupRule, 'id' | 'createdAt'>

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

function checkPeer(
  state: ComputeState,
  group: SecurityGroup,
  direction: Direction,
  fields: Readonly<Record<string, string | undefined>>,
): RulePeer {
  const inward = direction === 'ingress'
  const side = inward ? 'Source' : 'Dest'
  const cidr = fields[`${side}CidrIp`]
  const ipv6 = fields[`Ipv6${side}CidrIp`]
  const groupId = fields[`${side}GroupId`]
  const malformed = inward ? 'InvalidSourceCidrIp.Malformed' : 'InvalidDestCidrIp.Malformed'
  if (cidr) {
    // A lone address stands for itself; the service keeps the text as it came.
    if (!parseBlock(cidr) && parseIpv4(cidr) === undefined) {
      throw refuse(malformed)
    }
    return { kind: 'cidr', cidr }
  }
  if (ipv6) {
    if (!/^[0-9a-fA-F:]{2,39}(\/\d{1,3})?$/.test(ipv6)) {
      throw refuse(malformed)
    }
    return { kind: 'ipv6', cidr: ipv6 }
  }
  if (!groupId) throw refuse(inward ? 'MissingParameter.Source' : 'MissingParameter.Dest')
  const peer = state.securityGroups.find(groupId, group.region)
  if (!peer) throw refuse(inward ? 'InvalidSourceGroupId.NotFound' : 'InvalidDestGroupId.NotFound')
  if (peer.vpcId !== group.vpcId) throw refuse('InvalidSourceGroupId.Mismatch')
  return { kind: 'group', groupId }
}

/**
 * A rule from the fields of `Permissions.N` or of the flat form.
 *
 * @throws ActionError for values that the service refuses
 */
export function parseRule(
  state: ComputeState,
  group: SecurityGroup,
  direction: Direction,
  fields: Readonly<Record<string, string | undefined>>,
): WantedRule {
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
    direction,
    protocol,
    portRange: checkPortRange(fields.PortRange, protocol),
    peer: checkPeer(state, group, direction, fields),
    policy: checkPolicy(fields.Policy ?? 'accept'),
    priority: checkPriority(fields.Priority ?? '1'),
    description,
  }
}

/** Names of the fields of a rule, as they follow `Permissions.N.` or stand alone. */
export function ruleFieldNames(direction: Direction): string[] {
  const side = direction === 'ingress' ? 'Source' : 'Dest'
  return [
    'IpProtocol',
    'PortRange',
    `${side}CidrIp`,
    `Ipv6${side}CidrIp`,
    `${side}GroupId`,
    'NicType',
    'Policy',
    'Priority',
    'Description',
  ]
}
