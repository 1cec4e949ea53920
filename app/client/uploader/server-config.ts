import { type ClientConfig, parseHttpsNotice } from '@oss-direct-upload/contract'

/** The signing server's configuration, as far as the page needs it. */
export interface ServerConfig
  extends Pick<ClientConfig, 'allowedTypes' | 'accessCodeRequired' | 'uploadHost' | 'https'> {
  /** Bytes of the largest file. */
  maxSize: number
  /** Size in bytes from which files go in parts; absent when every file goes as a form. */
  multipartThreshold?: number
}

/** Returns the URL of an endpoint below the server's URL, with or without a slash at its end. */
export function serverEndpoint(serverUrl: string, path: string): URL {
  const base = new URL(serverUrl)
  base.search = ''
  base.hash = ''
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  return new URL(path, base)
}

/**
 * Requests the signing server's configuration.
 *
 * @returns `undefined` when the server responds without one
 * @throws TypeError when it does not respond, or does not let this page read the response
 */
export async function loadServerConfig(serverUrl: string): Promise<ServerConfig | undefined> {
  const response = await fetch(serverEndpoint(serverUrl, 'config.json'), { cache: 'no-store' })
  const body: unknown = response.ok ? await response.json().catch(() => undefined) : undefined
  if (typeof body !== 'object' || body === null) return undefined
  const config = body as Record<keyof ClientConfig, unknown>
  const { maxSize, allowedTypes, accessCodeRequired, uploadHost } = config
  if (typeof maxSize !== 'number' || !Array.isArray(allowedTypes)) return undefined
  const multipart = parseMultipart(config.multipart)
  const https = parseHttpsNotice(config.https)
  return {
    maxSize: Math.max(maxSize, multipart?.maxSize ?? 0),
    // A file that is too large for a form goes in parts, whatever the threshold is.
    ...(multipart ? { multipartThreshold: Math.min(multipart.threshold, maxSize + 1) } : {}),
    allowedTypes: allowedTypes.filter((entry) => typeof entry === 'string'),
    accessCodeRequired: accessCodeRequired === true,
    uploadHost: typeof uploadHost === 'string' ? uploadHost : '',
    ...(https === undefined ? {} : { https }),
  }
}

function parseMultipart(value: unknown): ClientConfig['multipart'] {
  if (typeof value !== 'object' || value === null) return undefined
  const { threshold, maxSize } = value as Record<string, unknown>
  if (typeof threshold !== 'number' || typeof maxSize !== 'number') return undefined
  return { threshold, maxSize }
}
