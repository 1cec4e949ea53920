type Environment = Readonly<Record<string, string | undefined>>

/** Serves the credentials of an ECS instance, and is never reached by a proxy. */
const METADATA_HOST = '100.100.100.200'

/**
 * Makes `fetch` use the proxy of HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in upper or lower case, as the
 * provider does. Node has no switch for this that a running program can use in every version, and its
 * own opens tunnels for http too, which many proxies refuse.
 */
export async function useEnvironmentProxy(env: Environment = process.env): Promise<void> {
  const proxies = proxiesOf(env)
  if (!proxies) return
  const { EnvHttpProxyAgent, setGlobalDispatcher } = await import('undici')
  setGlobalDispatcher(new EnvHttpProxyAgent({ ...proxies, proxyTunnel: false }))
}

/**
 * Requests a host at a server that the host's DNS record does not lead to yet. `fetch` cannot do that: it
 * overwrites the Host header. A proxy of the environment has to open a tunnel, as it would overwrite the
 * header of a request that it forwards (RFC 9112, section 3.2.2).
 *
 * @param url Of the server to connect to, with the path
 * @param host Value of the Host header
 * @throws Error when there is no response
 */
export async function fetchHostAt(
  url: string,
  host: string,
  signal: AbortSignal,
  env: Environment = process.env,
): Promise<Response> {
  const { Agent, EnvHttpProxyAgent, request } = await import('undici')
  const proxies = proxiesOf(env)
  const dispatcher = proxies
    ? new EnvHttpProxyAgent({ ...proxies, proxyTunnel: true })
    : new Agent()
  try {
    const { statusCode, body } = await request(url, { dispatcher, signal, headers: { host } })
    return new Response(await body.text(), { status: statusCode })
  } finally {
    await dispatcher.destroy()
  }
}

/** Returns the proxies that the environment names, or undefined when it names none. */
function proxiesOf(
  env: Environment,
): { httpProxy: string; httpsProxy: string; noProxy: string } | undefined {
  const variable = (name: string): string => env[name.toLowerCase()] || env[name] || ''
  const [httpProxy, httpsProxy] = [variable('HTTP_PROXY'), variable('HTTPS_PROXY')]
  if (!httpProxy && !httpsProxy) return undefined
  const noProxy = [variable('NO_PROXY'), METADATA_HOST].filter(Boolean).join(',')
  return { httpProxy, httpsProxy, noProxy }
}
