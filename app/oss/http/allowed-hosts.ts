/**
 * Returns whether a request may name a host. Guards a server on a loopback address against pages whose
 * own name resolves to that address (DNS rebinding).
 *
 * @param host Value of the Host header
 * @param allowed Names without a port; `*.NAME` stands for all names below NAME
 */
export function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  const hostname = host.toLowerCase().replace(/:\d+$/, '')
  return allowed.some((name) =>
    name.startsWith('*.') ? hostname.endsWith(name.slice(1)) : hostname === name,
  )
}
