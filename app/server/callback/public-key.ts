import { createPublicKey, type KeyObject } from 'node:crypto'
import { BoundedMap } from '../limits/bounded-map.ts'
import { strictBase64 } from './signature.ts'

/** OSS waits 5 seconds for the whole callback. */
const FETCH_TIMEOUT_MS = 2_500
const MAX_KEY_BYTES = 16 * 1024
const CACHE_MS = 86_400_000
const MAX_KEYS = 8

/**
 * Parses the header x-oss-pub-key-url. Its text is matched before any URL parser sees it, so that no
 * trick with URLs (user information, ports, similar hosts, dots) gets through.
 *
 * @returns The key's address, always over https; undefined when the header is not base64 of an
 *   address of OSS's keys
 */
export function publicKeyUrl(header: string | undefined): URL | undefined {
  const address = strictBase64(header)?.toString('latin1') ?? ''
  const [, path] =
    /^https?:\/\/gosspublic\.alicdn\.com(\/callback_pub_key[\w-]{0,64}\.pem)$/.exec(address) ?? []
  return path === undefined ? undefined : new URL(`https://gosspublic.alicdn.com${path}`)
}

/**
 * Fetches a PEM file: 2.5 seconds, 16 KiB, no redirects.
 *
 * @throws Error when that is not enough
 */
export async function fetchPublicKey(url: URL): Promise<string> {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  })
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel()
    throw new Error(`${url.href} answered ${response.status}`)
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.byteLength
    if (size > MAX_KEY_BYTES) throw new Error(`${url.href} is larger than ${MAX_KEY_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('latin1')
}

/** Caches public keys for a day each; every key is fetched once at a time. */
export class PublicKeyCache {
  readonly #fetch: (url: URL) => Promise<string>
  readonly #now: () => Date
  readonly #keys = new BoundedMap<string, { key: Promise<KeyObject>; until: number }>(MAX_KEYS)

  constructor(fetch: (url: URL) => Promise<string>, now: () => Date) {
    this.#fetch = fetch
    this.#now = now
  }

  /** @throws Error when the key cannot be fetched or is no RSA key; the next call tries again */
  get(url: URL): Promise<KeyObject> {
    const now = this.#now().getTime()
    const known = this.#keys.get(url.href)
    if (known !== undefined && known.until > now) return known.key
    const entry = { key: this.#load(url), until: now + CACHE_MS }
    this.#keys.set(url.href, entry)
    entry.key.catch(() => {
      if (this.#keys.get(url.href) === entry) this.#keys.delete(url.href)
    })
    return entry.key
  }

  async #load(url: URL): Promise<KeyObject> {
    const key = createPublicKey(await this.#fetch(url))
    if (key.asymmetricKeyType !== 'rsa') throw new Error(`${url.href} is not an RSA key`)
    return key
  }
}
