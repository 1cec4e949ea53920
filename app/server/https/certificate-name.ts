import { BlockList, isIPv4 } from 'node:net'

const HOST_NAME =
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/
/** Names that no public certificate authority may certify (RFC 6761, 6762, 7686, 9476). */
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

/**
 * Returns why no public authority issues certificates for a name, as a predicate that follows the
 * name of the setting; undefined when one may.
 */
export function certificateNameProblem(name: string): string | undefined {
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
