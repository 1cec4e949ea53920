import type { Listener } from './listener.ts'
import type { LoadBalancer } from './load-balancer.ts'

/** The client of a request to a load balancer. */
export interface Client {
  address: string
  port: number
  /** Of the Host header. */
  host: string
  /** X-Forwarded-For of the request. */
  forwardedFor: string | undefined
}

/**
 * Returns the headers that a listener sets. It replaces the client's, except that it appends to
 * X-Forwarded-For, unless it removes it.
 * Source: "Add a listener", additional HTTP header fields, ALB documentation.
 */
export function forwardedHeaders(
  balancer: LoadBalancer,
  { forwarded, port, protocol }: Listener,
  client: Client,
): Record<string, string | undefined> {
  const before = client.forwardedFor ? `${client.forwardedFor}, ` : ''
  const headers: Record<string, string | undefined> = {}
  if (forwarded.mode === 'remove') headers['x-forwarded-for'] = undefined
  else if (forwarded.for) headers['x-forwarded-for'] = `${before}${client.address}`
  if (forwarded.proto) headers['x-forwarded-proto'] = protocol.toLowerCase()
  if (forwarded.port) headers['x-forwarded-port'] = String(port)
  if (forwarded.host) headers['x-forwarded-host'] = client.host
  if (forwarded.clientPort) headers['x-forwarded-client-srcport'] = String(client.port)
  if (forwarded.balancerId) headers['slb-id'] = balancer.id
  return headers
}
