/**
 * CRC-64/XZ (ECMA-182, reflected, initial value and final xor all ones), which OSS sends as
 * `x-oss-hash-crc64ecma`. Two 32-bit halves and eight tables: no BigInt for a byte.
 */
const POLYNOMIAL = 0xc96c5795d7870f42n
const TABLES = 8
const low = new Uint32Array(256 * TABLES)
const high = new Uint32Array(256 * TABLES)

for (let byte = 0; byte < 256; byte += 1) {
  let crc = BigInt(byte)
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n
  low[byte] = Number(crc & 0xffffffffn)
  high[byte] = Number(crc >> 32n)
}
for (let i = 256; i < 256 * TABLES; i += 1) {
  const l = low[i - 256] as number
  const h = high[i - 256] as number
  const first = l & 0xff
  low[i] = (((l >>> 8) | (h << 24)) ^ (low[first] as number)) >>> 0
  high[i] = ((h >>> 8) ^ (high[first] as number)) >>> 0
}

/** A running checksum. */
export class Crc64 {
  #low = 0xffffffff
  #high = 0xffffffff

  update(bytes: Uint8Array): void {
    let l = this.#low
    let h = this.#high
    let i = 0
    const whole = bytes.length - (bytes.length % 8)
    const at = (table: Uint32Array, n: number, byte: number): number =>
      table[n * 256 + (byte & 0xff)] as number
    for (; i < whole; i += 8) {
      const b = (n: number): number => bytes[i + n] as number
      const a = l ^ (b(0) | (b(1) << 8) | (b(2) << 16) | (b(3) << 24))
      const c = h ^ (b(4) | (b(5) << 8) | (b(6) << 16) | (b(7) << 24))
      l =
        at(low, 7, a) ^
        at(low, 6, a >>> 8) ^
        at(low, 5, a >>> 16) ^
        at(low, 4, a >>> 24) ^
        at(low, 3, c) ^
        at(low, 2, c >>> 8) ^
        at(low, 1, c >>> 16) ^
        at(low, 0, c >>> 24)
      h =
        at(high, 7, a) ^
        at(high, 6, a >>> 8) ^
        at(high, 5, a >>> 16) ^
        at(high, 4, a >>> 24) ^
        at(high, 3, c) ^
        at(high, 2, c >>> 8) ^
        at(high, 1, c >>> 16) ^
        at(high, 0, c >>> 24)
    }
    for (; i < bytes.length; i += 1) {
      const n = (l ^ (bytes[i] as number)) & 0xff
      l = ((l >>> 8) | (h << 24)) ^ (low[n] as number)
      h = (h >>> 8) ^ (high[n] as number)
    }
    this.#low = l >>> 0
    this.#high = h >>> 0
  }

  /** The checksum so far, unsigned. */
  digest(): bigint {
    const l = BigInt((this.#low ^ 0xffffffff) >>> 0)
    const h = BigInt((this.#high ^ 0xffffffff) >>> 0)
    return (h << 32n) | l
  }
}
