import type { StackConfig } from './stack-config.ts'

type Named = Pick<StackConfig, 'https' | 'domain' | 'certificateId'>

/**
 * Returns the page's address, without a trailing slash.
 *
 * @param address Public address of the server or of the load balancer
 */
export function pageAddress({ https, certificateId, domain }: Named, address: string): string {
  return https || certificateId !== undefined ? `https://${domain ?? address}` : `http://${address}`
}

/**
 * Returns the origins that the page can have. With https it is also served over http and uploads from
 * there: always behind a load balancer, otherwise as long as the server has no certificate.
 *
 * @param address Public address of the server or of the load balancer
 */
export function pageOrigins(config: Named, address: string): string[] {
  const { https, certificateId, domain } = config
  if (!https && certificateId === undefined) return [pageAddress(config, address)]
  const overHttp = [`http://${address}`, ...(domain === undefined ? [] : [`http://${domain}`])]
  return [pageAddress(config, address), ...overHttp]
}
