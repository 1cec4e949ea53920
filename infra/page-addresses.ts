import type { StackConfig } from './config.ts'

type Named = Pick<StackConfig, 'https' | 'domain'>

/**
 * Where the page is, without a slash at its end.
 *
 * @param address Of the server on the internet: an IPv4 address
 */
export function pageAddress({ https, domain }: Named, address: string): string {
  return https ? `https://${domain ?? address}` : `http://${address}`
}

/**
 * Origins that the page may have. With https it is still found by http as long as the server has no
 * certificate, and uploads from there.
 *
 * @param address Of the server on the internet: an IPv4 address
 */
export function pageOrigins(config: Named, address: string): string[] {
  const { https, domain } = config
  if (!https) return [pageAddress(config, address)]
  const byHttp = [`http://${address}`, ...(domain === undefined ? [] : [`http://${domain}`])]
  return [pageAddress(config, address), ...byHttp]
}
