/**
 * CRC-64/XZ (ECMA-182, reflected, initial value and final xor all ones), which OSS sends as
 * `x-oss-hash-crc64ecma`. Slicing by eight with 32-bit halves: entry `256 * n + byte` of a table is the
 * effect of a byte that is followed by `n` more.
 */
const POLYNOMIAL = 0xc96c5795d7870f42n
const SLICES = 8
const LOW = new Int32Array(SLICES * 256)
const HIGH = new Int32Array(SLICES * 256)

for (let byte = 0; byte < 256; byte += 1) {
  let crc = BigInt(byte)
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n
  LOW[byte] = Number(BigInt.asIntN(32, crc))
  HIGH[byte] = Number(BigInt.asIntN(32, crc >> 32n))
}
for (let i = 256; i < LOW.length; i += 1) {
  const [low, high] = [at(LOW, i - 256), at(HIGH, i - 256)]
  LOW[i] = ((low >>> 8) | (high << 24)) ^ at(LOW, low & 0xff)
  HIGH[i] = (high >>> 8) ^ at(HIGH, low & 0xff)
}

/** A running checksum. */
export class Crc64 {
  #low = -1
  #high = -1

  update(bytes: Uint8Array): void {
    const { buffer, byteOffset, length } = bytes
    // Words of 32 bits start at a multiple of four bytes.
    const start = Math.min(-byteOffset & 3, length)
    const words = new Int32Array(
      buffer,
      start < length ? byteOffset + start : 0,
      ((length - start) >>> 3) << 1,
    )
    this.#updateBytes(bytes.subarray(0, start))
    this.#updateWords(words)
    this.#updateBytes(bytes.subarray(start + words.byteLength))
  }

  /** Returns the checksum of all bytes so far, unsigned. */
  digest(): bigint {
    return (BigInt(~this.#high >>> 0) << 32n) | BigInt(~this.#low >>> 0)
  }

  #updateBytes(bytes: Uint8Array): void {
    let [low, high] = [this.#low, this.#high]
    for (const byte of bytes) {
      const i = (low ^ byte) & 0xff
      low = ((low >>> 8) | (high << 24)) ^ at(LOW, i)
      high = (high >>> 8) ^ at(HIGH, i)
    }
    this.#low = low
    this.#high = high
  }

  #updateWords(words: Int32Array): void {
    let low = this.#low
    let high = this.#high
    for (let i = 0; i < words.length; i += 2) {
      const a = low ^ at(words, i)
      const b = high ^ at(words, i + 1)
      const a0 = 1792 + (a & 0xff)
      const a1 = 1536 + ((a >>> 8) & 0xff)
      const a2 = 1280 + ((a >>> 16) & 0xff)
      const a3 = 1024 + (a >>> 24)
      const b0 = 768 + (b & 0xff)
      const b1 = 512 + ((b >>> 8) & 0xff)
      const b2 = 256 + ((b >>> 16) & 0xff)
      const b3 = b >>> 24
      low = at(LOW, a0) ^ at(LOW, a1) ^ at(LOW, a2) ^ at(LOW, a3)
      low ^= at(LOW, b0) ^ at(LOW, b1) ^ at(LOW, b2) ^ at(LOW, b3)
      high = at(HIGH, a0) ^ at(HIGH, a1) ^ at(HIGH, a2) ^ at(HIGH, a3)
      high ^= at(HIGH, b0) ^ at(HIGH, b1) ^ at(HIGH, b2) ^ at(HIGH, b3)
    }
    this.#low = low
    this.#high = high
  }
}

function at(table: Int32Array, index: number): number {
  return table[index] as number
}
