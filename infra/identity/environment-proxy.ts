type Environment = Readonly<Record<string, string | undefined>>

/** Serves the credentials of an ECS instance, and is never reached by a proxy. */
const METADATA_HOST = '100.100.100.200'

/**
 * Makes `fetch` use the proxy of HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in upper or lower case, as the
 * provider does. Node has no switch for this that a running program can use in every version, and its
 * own opens tunnels for http too, which many proxies refuse.
 */
export async function useEnvironmentProxy(env: Environment = process.env): Promise<void> {
  const variable = (name: string): string | undefined => env[name.toLowerCase()] || env[name]
  const httpsProxy = variable('HTTPS_PROXY')
  const httpProxy = variable('HTTP_PROXY')
  if (!httpsProxy && !httpProxy) return
  const { EnvHttpProxyAgent, setGlobalDispatcher } = await import('undici')
  const noProxy = [variable('NO_PROXY'), METADATA_HOST].filter(Boolean).join(',')
  setGlobalDispatcher(
    new EnvHttpProxyAgent({
      httpProxy: httpProxy ?? '',
      httpsProxy: httpsProxy ?? '',
      noProxy,
      proxyTunnel: false,
    }),
  )
}
