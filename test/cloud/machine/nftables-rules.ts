import { BlockList } from 'node:net'
import type { IngressRule } from 'simulated-cloud'

/** What can be made unreachable inside a vSwitch. */
export type Outage = 'metadata' | 'internal-endpoint' | 'dns'

/** The instance that an EIP is bound to, and who may connect. */
export interface PublicRoute {
  eip: string
  privateIp: string
  /** In order of evaluation. */
  rules: readonly IngressRule[]
}

/** Connections from a load balancer to an instance, and the rules that apply. */
export interface BalancerRoute {
  /** Address of the load balancer. */
  source: string
  privateIp: string
  /** In order of evaluation. */
  rules: readonly IngressRule[]
}

/** Of the metadata service. Source: "ECS instance metadata", Alibaba Cloud documentation. */
export const METADATA_ADDRESS = '100.100.100.200'
/** Name servers of a VPC, announced by DHCP. */
export const NAME_SERVERS = ['100.100.2.136', '100.100.2.138'] as const
/** One address for all internal endpoints of a region, which are in 100.64.0.0/10. */
export const INTERNAL_ENDPOINT = '100.64.0.10'

const OUTAGES: Readonly<Record<Outage, readonly string[]>> = {
  metadata: [METADATA_ADDRESS],
  'internal-endpoint': [INTERNAL_ENDPOINT],
  dns: NAME_SERVERS,
}

/**
 * Returns the nftables rules of a vSwitch's namespace, which replace the earlier ones. Its interface
 * `inside` leads to the instances, `outside` to the internet.
 */
export function vSwitchRuleset(
  routes: readonly PublicRoute[],
  outages: readonly Outage[],
  balancers: readonly BalancerRoute[] = [],
): string {
  const sources = [...new Set(balancers.map(({ source }) => source))]
  const dropped = outages.flatMap((outage) => OUTAGES[outage])
  return [
    'table ip vswitch',
    'delete table ip vswitch',
    'table ip vswitch {',
    '  chain prerouting {',
    '    type nat hook prerouting priority dstnat',
    ...routes.map(
      ({ eip, privateIp }) => `    iifname "outside" ip daddr ${eip} dnat to ${privateIp}`,
    ),
    '  }',
    '  chain postrouting {',
    '    type nat hook postrouting priority srcnat',
    ...routes.map(
      ({ eip, privateIp }) => `    oifname "outside" ip saddr ${privateIp} snat to ${eip}`,
    ),
    '  }',
    '  chain input {',
    '    type filter hook input priority filter; policy drop',
    ...dropped.map((address) => `    iifname "inside" ip daddr ${address} drop`),
    '    iifname "lo" accept',
    '    ct state established,related accept',
    '    iifname "inside" accept',
    '  }',
    '  chain forward {',
    '    type filter hook forward priority filter; policy drop',
    '    ct state established,related accept',
    // Members of the same security group reach each other, whatever its rules.
    '    iifname "inside" oifname "inside" accept',
    ...routes.flatMap(({ privateIp, rules }) => [
      `    iifname "inside" oifname "outside" ip saddr ${privateIp} accept`,
      ...rules.map((rule) => `    iifname "outside" ip daddr ${privateIp} ${ruleText(rule)}`),
    ]),
    '  }',
    // Load balancers connect from here, with their own addresses.
    '  chain output {',
    '    type filter hook output priority filter',
    '    ct state established,related accept',
    ...balancers.flatMap(({ source, privateIp, rules }) =>
      rules
        .filter((rule) => isInside(source, rule.source))
        .map((rule) => `    ip saddr ${source} ip daddr ${privateIp} ${matchText(rule)}`),
    ),
    ...sources.map((source) => `    oifname "inside" ip saddr ${source} drop`),
    '  }',
    '}',
    '',
  ].join('\n')
}

function isInside(address: string, network: string): boolean {
  const [base = '', bits = '32'] = network.split('/')
  const list = new BlockList()
  list.addSubnet(base, Number(bits))
  return list.check(address)
}

function ruleText(rule: IngressRule): string {
  const from = rule.source.endsWith('/0') ? [] : [`ip saddr ${rule.source}`]
  return [...from, matchText(rule)].join(' ')
}

/** The rule without its source. */
function matchText({ protocol, ports: [from, to], accept }: IngressRule): string {
  const parts: string[] = []
  if (protocol === 'icmp') parts.push('ip protocol icmp')
  if (protocol === 'tcp' || protocol === 'udp') {
    const every = from <= 1 && (to === -1 || to === 65535)
    const port = from === to ? `${from}` : `${from}-${to}`
    parts.push(every ? `ip protocol ${protocol}` : `${protocol} dport ${port}`)
  }
  return [...parts, accept ? 'accept' : 'drop'].join(' ')
}
