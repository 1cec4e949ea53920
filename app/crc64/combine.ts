const POLYNOMIAL = 0xc96c5795d7870f42n
/** Polynomials are reflected, as the checksum is: the highest bit is x^0. */
const ONE = 1n << 63n
const X_8 = 1n << 55n
const KEPT = 16
/** x^(8n) by n: parts of one upload have one or two lengths. */
const powers = new Map<number, bigint>()

/**
 * The CRC-64 of two texts one behind the other, from the checksums of each.
 *
 * @param lengthOfSecond Bytes
 */
export function combineCrc64(first: bigint, second: bigint, lengthOfSecond: number): bigint {
  return multiply(power(lengthOfSecond), first) ^ second
}

function power(bytes: number): bigint {
  const known = powers.get(bytes)
  if (known !== undefined) return known
  let [result, square] = [ONE, X_8]
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(square, result)
    square = multiply(square, square)
  }
  if (powers.size >= KEPT) powers.clear()
  powers.set(bytes, result)
  return result
}

/** The product of two polynomials, modulo the one of the checksum. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n
  let shifted = b
  for (let bit = ONE; bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= shifted
    shifted = shifted & 1n ? (shifted >> 1n) ^ POLYNOMIAL : shifted >> 1n
  }
  return product
}
