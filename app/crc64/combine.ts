const POLYNOMIAL = 0xc96c5795d7870f42n
/** Polynomials are reflected like the checksum: the highest bit is x^0. */
const ONE = 1n << 63n
const X_8 = 1n << 55n
const MAX_CACHED = 16
/** x^(8n) by n. The parts of one upload have one or two lengths. */
const powers = new Map<number, bigint>()

/**
 * Returns the CRC-64 of two concatenated byte sequences from the checksums of each.
 *
 * @param secondBytes Length of the second sequence
 */
export function combineCrc64(first: bigint, second: bigint, secondBytes: number): bigint {
  return multiply(power(secondBytes), first) ^ second
}

function power(bytes: number): bigint {
  const cached = powers.get(bytes)
  if (cached !== undefined) return cached
  let [result, square] = [ONE, X_8]
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(square, result)
    square = multiply(square, square)
  }
  if (powers.size >= MAX_CACHED) powers.clear()
  powers.set(bytes, result)
  return result
}

/** Multiplies two polynomials, modulo the polynomial of the checksum. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n
  let shifted = b
  for (let bit = ONE; bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= shifted
    shifted = shifted & 1n ? (shifted >> 1n) ^ POLYNOMIAL : shifted >> 1n
  }
  return product
}
