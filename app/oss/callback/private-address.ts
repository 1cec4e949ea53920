import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

const PRIVATE = new BlockList()
for (const network of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
]) {
  const [address = '', bits] = network.split('/')
  PRIVATE.addSubnet(address, Number(bits), 'ipv4')
}
for (const [address, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  PRIVATE.addSubnet(address, bits, 'ipv6')
}

/** Returns whether a host is a private, loopback or link-local address, or `localhost`. */
export function isPrivateHost(host: string): boolean {
  return /(^|\.)localhost$/i.test(host) || isPrivateAddress(host)
}

function isPrivateAddress(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '')
  const family = isIP(address)
  return family !== 0 && PRIVATE.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

/** Resolves a name like `dns.lookup` and refuses private addresses. */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, options, (error, address, family) => {
    const addresses =
      typeof address === 'string' ? [address] : (address ?? []).map((one) => one.address)
    const isPrivate = addresses.some(isPrivateAddress)
    callback(
      error ?? (isPrivate ? new Error(`${hostname} has a private address`) : null),
      address,
      family,
    )
  })
}
