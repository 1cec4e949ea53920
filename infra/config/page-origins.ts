import type { StackConfig } from './stack-config.ts'

type Named = Pick<StackConfig, 'https' | 'domain' | 'certificateId'>

/**
 * Where the page is, without a slash at its end.
 *
 * @param address Of the server, or of the load balancer, on the internet
 */
export function pageAddress({ https, certificateId, domain }: Named, address: string): string {
  return https || certificateId !== undefined ? `https://${domain ?? address}` : `http://${address}`
}

/**
 * Origins that the page may have. With https it is found by http, too, and uploads from there: always
 * behind a load balancer, else as long as the server has no certificate.
 *
 * @param address Of the server, or of the load balancer, on the internet
 */
export function pageOrigins(config: Named, address: string): string[] {
  const { https, certificateId, domain } = config
  if (!https && certificateId === undefined) return [pageAddress(config, address)]
  const byHttp = [`http://${address}`, ...(domain === undefined ? [] : [`http://${domain}`])]
  return [pageAddress(config, address), ...byHttp]
}
