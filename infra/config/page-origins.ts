import type { StackConfig } from './stack-config.ts'

type Named = Pick<StackConfig, 'https' | 'domain' | 'certificateId' | 'instances'>

/**
 * Returns the page's address, without a trailing slash.
 *
 * @param address Public address of the server or of the load balancer
 */
export function pageAddress(config: Omit<Named, 'instances'>, address: string): string {
  const { https, certificateId } = config
  return `${https || certificateId !== undefined ? 'https' : 'http'}://${pageHost(config, address)}`
}

/**
 * Returns the origins that the page can have. With https it is also served over http and uploads from
 * there: always behind a load balancer, otherwise as long as the server has no certificate. A server also
 * answers at its address, a load balancer at its domain alone.
 *
 * @param address Public address of the server or of the load balancer
 */
export function pageOrigins(config: Named, address: string): string[] {
  const overHttp = [...(config.instances ? [] : [address]), pageHost(config, address)]
  return [...new Set([pageAddress(config, address), ...overHttp.map((host) => `http://${host}`)])]
}

/** Returns the host of the page: its domain, else the address of the server. */
export function pageHost({ domain }: Pick<StackConfig, 'domain'>, address: string): string {
  return domain ?? address
}
