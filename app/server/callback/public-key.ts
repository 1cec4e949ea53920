import { createPublicKey, type KeyObject } from 'node:crypto'
import { BoundedMap } from '../limits/bounded-map.ts'
import { FixedWindow } from '../limits/fixed-window.ts'
import { strictBase64 } from './signature.ts'

/** OSS waits 5 seconds for the whole callback. */
const FETCH_TIMEOUT_MS = 2_500
const MAX_KEY_BYTES = 16 * 1024
const CACHE_MS = 86_400_000
const MAX_KEYS = 8
const MAX_FETCHES_PER_MINUTE = 10

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

/**
 * Caches public keys for a day each. A key is fetched once at a time, and all keys together at most ten
 * times a minute: the header that names one is not authenticated.
 */
export class PublicKeyCache {
  readonly #fetch: (url: URL) => Promise<string>
  readonly #now: () => Date
  readonly #keys = new BoundedMap<string, { key: KeyObject; until: number }>(MAX_KEYS)
  readonly #pending = new Map<string, Promise<KeyObject>>()
  readonly #fetches = new FixedWindow(60_000)

  constructor(fetch: (url: URL) => Promise<string>, now: () => Date) {
    this.#fetch = fetch
    this.#now = now
  }

  /** @throws Error when the key cannot be fetched or is no RSA key; the next call tries again */
  async get({ href }: URL): Promise<KeyObject> {
    const known = this.#keys.get(href)
    if (known !== undefined && known.until > this.#now().getTime()) return known.key
    const pending = this.#pending.get(href) ?? this.#load(href)
    this.#pending.set(href, pending)
    try {
      return await pending
    } finally {
      this.#pending.delete(href)
    }
  }

  async #load(href: string): Promise<KeyObject> {
    const now = this.#now().getTime()
    const fetches = this.#fetches.usageOf('', now)
    if (fetches.used >= MAX_FETCHES_PER_MINUTE)
      throw new Error('Too many public keys were requested')
    fetches.used += 1
    const key = createPublicKey(await this.#fetch(new URL(href)))
    if (key.asymmetricKeyType !== 'rsa') throw new Error(`${href} is not an RSA key`)
    this.#keys.set(href, { key, until: now + CACHE_MS })
    return key
  }
}
