import { BlockList, isIPv4 } from 'node:net'

/** What a certificate is for, as an ACME order has it (RFC 8555, 7.1.3; RFC 8738 for addresses). */
export interface Identifier {
  type: 'dns' | 'ip'
  value: string
}

const HOST_NAME =
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/
/** Names that no public certificate authority may vouch for (RFC 6761, 6762, 7686, 9476). */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|test|example|invalid|onion|alt|home\.arpa)$/

const PRIVATE_NETWORKS = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const

const privateNetworks = new BlockList()
for (const [network, bits] of PRIVATE_NETWORKS) privateNetworks.addSubnet(network, bits, 'ipv4')

/** @param name An IPv4 address, else a host name */
export function identifierOf(name: string): Identifier {
  return { type: isIPv4(name) ? 'ip' : 'dns', value: name }
}

/**
 * Why no certificate that browsers trust can be had for a name, to be put behind the name of the
 * setting; undefined when one can. What only the certificate authority can tell is left to it.
 */
export function identifierProblem(name: string): string | undefined {
  if (isIPv4(name)) {
    return privateNetworks.check(name, 'ipv4')
      ? 'is a private address: certificates are given for public ones, such as that of an EIP'
      : undefined
  }
  if (!HOST_NAME.test(name)) {
    return 'must be an IPv4 address, or a host name in lower case like www.example.com'
  }
  if (PRIVATE_NAME.test(name)) {
    return 'is a private name: certificates are given for names that everybody can look up'
  }
  return undefined
}
