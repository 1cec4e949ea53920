import { createPublicKey, type KeyObject } from 'node:crypto'
import { strictBase64 } from './signature.ts'

/** Milliseconds for fetching a key; OSS waits 5 seconds for the whole callback. */
const FETCH_MILLISECONDS = 2_500
const KEY_BYTES = 16 * 1024

/**
 * Reads the header x-oss-pub-key-url. The text is matched before anything parses it, so that no
 * trick of URLs (user information, ports, look-alike hosts, dots) gets as far.
 *
 * @returns The key's address, over https whatever the header says; undefined when the header is not
 *   base64 of an address of OSS's own keys
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
 * @throws Error when it cannot be had within that
 */
export async function fetchPublicKey(url: URL): Promise<string> {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_MILLISECONDS),
  })
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel()
    throw new Error(`${url.href} answered ${response.status}`)
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.byteLength
    if (size > KEY_BYTES) throw new Error(`${url.href} is larger than ${KEY_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('latin1')
}

/** The public keys that have been fetched: few, each for a day, each fetched once at a time. */
export class PublicKeys {
  readonly #fetch: (url: URL) => Promise<string>
  readonly #now: () => number
  readonly #limit: number
  readonly #keys = new Map<string, { key: Promise<KeyObject>; until: number }>()

  /**
   * @param now Milliseconds
   * @param limit Keys kept; the one used longest ago goes first
   */
  constructor(fetch: (url: URL) => Promise<string>, now: () => number, limit = 8) {
    this.#fetch = fetch
    this.#now = now
    this.#limit = limit
  }

  /** @throws Error when the key cannot be fetched or is no RSA key; the next call tries again */
  get(url: URL): Promise<KeyObject> {
    const known = this.#keys.get(url.href)
    this.#keys.delete(url.href)
    const entry =
      known !== undefined && known.until > this.#now()
        ? known
        : { key: this.#load(url), until: this.#now() + 86_400_000 }
    this.#keys.set(url.href, entry)
    entry.key.catch(() => {
      if (this.#keys.get(url.href) === entry) this.#keys.delete(url.href)
    })
    const [oldest] = this.#keys.keys()
    if (this.#keys.size > this.#limit && oldest !== undefined) this.#keys.delete(oldest)
    return entry.key
  }

  async #load(url: URL): Promise<KeyObject> {
    const key = createPublicKey(await this.#fetch(url))
    if (key.asymmetricKeyType !== 'rsa') throw new Error(`${url.href} is not an RSA key`)
    return key
  }
}
