/**
 * CRC-64/XZ (ECMA-182, reflected, initial value and final xor all ones), which OSS sends as
 * `x-oss-hash-crc64ecma`. Two 32-bit halves, no BigInt for a byte, sixteen bytes a step: table `n`
 * tells what a byte does to the checksum that is followed by `n` more.
 */
const POLYNOMIAL = 0xc96c5795d7870f42n
const TABLES = 16
/** Numbers in a table: for each byte the low and the high half, side by side. */
const LENGTH = 512
const table = new Int32Array(TABLES * LENGTH)

/** The tables, 256 entries each of a low and a high half: what a byte does to the checksum. */
export const crc64Tables: Readonly<Int32Array> = table

for (let byte = 0; byte < 256; byte += 1) {
  let crc = BigInt(byte)
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n
  table[2 * byte] = Number(BigInt.asIntN(32, crc))
  table[2 * byte + 1] = Number(BigInt.asIntN(32, crc >> 32n))
}
for (let i = LENGTH; i < table.length; i += 2) {
  const low = table[i - LENGTH] as number
  const high = table[i - LENGTH + 1] as number
  const first = (low & 0xff) << 1
  table[i] = ((low >>> 8) | (high << 24)) ^ (table[first] as number)
  table[i + 1] = (high >>> 8) ^ (table[first + 1] as number)
}

/** A running checksum. */
export class Crc64 {
  #low = -1
  #high = -1

  update(bytes: Uint8Array): void {
    const { buffer, byteOffset, length } = bytes
    // Up to where four bytes are one number, those that are sixteen at a time, and the rest.
    const start = -byteOffset & 3
    const count = length < start ? 0 : ((length - start) >>> 4) << 2
    if (count === 0) {
      this.#bytes(bytes, 0, length)
      return
    }
    const words = new Int32Array(buffer, byteOffset + start, count)
    this.#bytes(bytes, 0, start)
    this.#words(words)
    this.#bytes(bytes, start + words.byteLength, length)
  }

  /** The checksum so far, unsigned. */
  digest(): bigint {
    return (BigInt(~this.#high >>> 0) << 32n) | BigInt(~this.#low >>> 0)
  }

  #bytes(bytes: Uint8Array, start: number, end: number): void {
    let low = this.#low
    let high = this.#high
    for (let i = start; i < end; i += 1) {
      const at = ((low ^ (bytes[i] as number)) & 0xff) << 1
      low = ((low >>> 8) | (high << 24)) ^ (table[at] as number)
      high = (high >>> 8) ^ (table[at + 1] as number)
    }
    this.#low = low
    this.#high = high
  }

  #words(words: Int32Array): void {
    let low = this.#low
    let high = this.#high
    for (let i = 0; i < words.length; i += 4) {
      const a = low ^ (words[i] as number)
      const b = high ^ (words[i + 1] as number)
      const c = words[i + 2] as number
      const d = words[i + 3] as number
      const a0 = 15 * LENGTH + ((a & 0xff) << 1)
      const a1 = 14 * LENGTH + ((a >>> 7) & 0x1fe)
      const a2 = 13 * LENGTH + ((a >>> 15) & 0x1fe)
      const a3 = 12 * LENGTH + ((a >>> 23) & 0x1fe)
      const b0 = 11 * LENGTH + ((b & 0xff) << 1)
      const b1 = 10 * LENGTH + ((b >>> 7) & 0x1fe)
      const b2 = 9 * LENGTH + ((b >>> 15) & 0x1fe)
      const b3 = 8 * LENGTH + ((b >>> 23) & 0x1fe)
      const c0 = 7 * LENGTH + ((c & 0xff) << 1)
      const c1 = 6 * LENGTH + ((c >>> 7) & 0x1fe)
      const c2 = 5 * LENGTH + ((c >>> 15) & 0x1fe)
      const c3 = 4 * LENGTH + ((c >>> 23) & 0x1fe)
      const d0 = 3 * LENGTH + ((d & 0xff) << 1)
      const d1 = 2 * LENGTH + ((d >>> 7) & 0x1fe)
      const d2 = LENGTH + ((d >>> 15) & 0x1fe)
      const d3 = (d >>> 23) & 0x1fe
      low = of(a0) ^ of(a1) ^ of(a2) ^ of(a3) ^ of(b0) ^ of(b1) ^ of(b2) ^ of(b3)
      low ^= of(c0) ^ of(c1) ^ of(c2) ^ of(c3) ^ of(d0) ^ of(d1) ^ of(d2) ^ of(d3)
      high = of(a0 + 1) ^ of(a1 + 1) ^ of(a2 + 1) ^ of(a3 + 1)
      high ^= of(b0 + 1) ^ of(b1 + 1) ^ of(b2 + 1) ^ of(b3 + 1)
      high ^= of(c0 + 1) ^ of(c1 + 1) ^ of(c2 + 1) ^ of(c3 + 1)
      high ^= of(d0 + 1) ^ of(d1 + 1) ^ of(d2 + 1) ^ of(d3 + 1)
    }
    this.#low = low
    this.#high = high
  }
}

function of(at: number): number {
  return table[at] as number
}
