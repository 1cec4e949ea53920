import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * Returns the network that stands for a client: an IPv4 address, or the /56 of an IPv6 address, as
 * providers assign networks of at least that size to one customer.
 *
 * @param addressAndPort The port is optional: some proxies write one into X-Forwarded-For
 */
export function clientSubnet(addressAndPort: string): string {
  if (isIPv4(addressAndPort)) return addressAndPort
  const [, v6, v4] = /^(?:\[(.*)\](?::\d+)?|([\d.]+):\d+)$/.exec(addressAndPort) ?? []
  const address = v6 ?? v4 ?? addressAndPort
  if (!ipaddr.isValid(address)) return 'unknown'
  const ip = ipaddr.process(address)
  if (ip instanceof ipaddr.IPv4) return ip.toString()
  return `${new ipaddr.IPv6([...ip.toByteArray().slice(0, 7), ...Array(9).fill(0)])}/56`
}
