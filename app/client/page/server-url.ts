/**
 * Returns the URL of the signing server: `?serverUrl=` in the page's address, else the first listed
 * one, else the folder of the page, which a proxy may serve below a path. A link cannot name a server that is neither listed nor the page's
 * own: that server would receive the access code and say where the files go.
 *
 * @param listed URLs from the page's `<meta name="signing-servers">`
 * @returns `undefined` when `serverUrl` is not accepted
 */
export function findServerUrl(
  page: Pick<Location, 'href'>,
  listed: readonly string[],
): string | undefined {
  const own = new URL('.', page.href)
  const requested = new URL(page.href).searchParams.get('serverUrl')
  if (requested === null) return listed[0] ?? own.href
  return [...listed, own.href].find((url) => isSameServer(url, requested))
}

/** Returns the URLs in `<meta name="signing-servers">`, separated by spaces; none without it. */
export function listedServers(page: Document): string[] {
  const meta = page.querySelector<HTMLMetaElement>('meta[name=signing-servers]')
  return (meta?.content ?? '').split(/\s+/).filter((url) => url !== '')
}

function isSameServer(one: string, other: string): boolean {
  const base = baseOf(one)
  return base !== undefined && base === baseOf(other)
}

function baseOf(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined
  return `${url.origin}${url.pathname.replace(/\/?$/, '/')}`
}
