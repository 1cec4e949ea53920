import { type HttpsNotice, parseHttpsNotice } from '../../contract/index.ts'

/** What the signing server says of itself in `GET /config.json`. */
export interface ServerConfig {
  /** Bytes of the largest file. */
  maxSize: number
  /** How large files go; absent when every file goes by form. */
  parts?: {
    /** Bytes from which on a file goes in parts. */
    threshold: number
  }
  /** Extensions and MIME types; empty when every file is allowed. */
  allowedTypes: string[]
  accessCodeRequired: boolean
  /** Origin that files are posted to. */
  uploadHost: string
  /** Absent where only http is served, or https by something else. */
  https?: HttpsNotice
}

/**
 * Where the signing server is: `?serverUrl=` of the page's address, else where the page came from.
 *
 * @returns undefined when serverUrl is no http or https address
 */
export function serverUrlOf(page: Location): string | undefined {
  const given = new URLSearchParams(page.search).get('serverUrl')
  if (given === null) return page.origin
  const url = URL.canParse(given) ? new URL(given) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) ? url.href : undefined
}

/** An address under the signing server's, whether that ends in a slash or not. */
export function serverEndpoint(serverUrl: string, path: string): URL {
  const base = new URL(serverUrl)
  base.search = ''
  base.hash = ''
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  return new URL(path, base)
}

/**
 * Asks the signing server for its limits.
 *
 * @returns undefined when it answers but tells none
 * @throws TypeError when it does not answer, or does not let this page read the answer
 */
export async function loadServerConfig(serverUrl: string): Promise<ServerConfig | undefined> {
  const response = await fetch(serverEndpoint(serverUrl, 'config.json'), { cache: 'no-store' })
  const body: unknown = response.ok ? await response.json().catch(() => undefined) : undefined
  if (typeof body !== 'object' || body === null) return undefined
  const { maxSize, allowedTypes, accessCodeRequired, uploadHost } = body as Record<string, unknown>
  if (typeof maxSize !== 'number' || !Array.isArray(allowedTypes)) return undefined
  const parts = partsConfig((body as Record<string, unknown>).multipart, maxSize)
  const https = parseHttpsNotice((body as Record<string, unknown>).https)
  return {
    maxSize: parts === undefined ? maxSize : Math.max(maxSize, parts.maxSize),
    ...(parts === undefined ? {} : { parts: { threshold: parts.threshold } }),
    allowedTypes: allowedTypes.filter((entry) => typeof entry === 'string'),
    accessCodeRequired: accessCodeRequired === true,
    uploadHost: typeof uploadHost === 'string' ? uploadHost : '',
    ...(https === undefined ? {} : { https }),
  }
}

/** @param formSize Bytes of the largest file that a form carries */
function partsConfig(
  value: unknown,
  formSize: number,
): { threshold: number; maxSize: number } | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { threshold, maxSize } = value as Record<string, unknown>
  if (typeof threshold !== 'number' || typeof maxSize !== 'number') return undefined
  // What no form carries goes in parts, however high the threshold is.
  return { threshold: Math.min(threshold, formSize + 1), maxSize }
}
