/**
 * The part of DER that an X.509 certificate needs.
 * Source: ITU-T X.690.
 */

/** Encodes one element: tag, length, contents. */
export function der(tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content])
  const digits = content.length.toString(16)
  const length = Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content])
}

export const sequence = (...contents: Uint8Array[]): Buffer => der(0x30, ...contents)
export const set = (...contents: Uint8Array[]): Buffer => der(0x31, ...contents)
export const utf8String = (text: string): Buffer => der(0x0c, Buffer.from(text, 'utf8'))
export const octetString = (bytes: Uint8Array): Buffer => der(0x04, bytes)
export const boolean = (value: boolean): Buffer => der(0x01, Buffer.from([value ? 0xff : 0]))

/** Big-endian, not negative; a leading zero is added where the first bit is set. */
export function integer(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0)
  const digits = start < 0 ? Buffer.from([0]) : Buffer.from(bytes.subarray(start))
  return der(0x02, (digits[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits)
}

/** @param unused Bits at the end that do not count */
export function bitString(bytes: Uint8Array, unused = 0): Buffer {
  return der(0x03, Buffer.from([unused]), bytes)
}

/** @param text E.g. `2.5.29.17` */
export function objectIdentifier(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

/** Encodes whole seconds: UTCTime before the year 2050, GeneralizedTime after. */
export function time(milliseconds: number): Buffer {
  const text = new Date(milliseconds).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')
  return text < '2050'
    ? der(0x17, Buffer.from(`${text.slice(2)}Z`))
    : der(0x18, Buffer.from(`${text}Z`))
}

/** `[number]` around other elements. */
export function explicit(number: number, ...contents: Uint8Array[]): Buffer {
  return der(0xa0 | number, ...contents)
}

/** `[number]` in the place of a primitive element's own tag. */
export function implicit(number: number, content: Uint8Array): Buffer {
  return der(0x80 | number, content)
}

function base128(value: number): number[] {
  const digits = [value & 0x7f]
  for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80)
  return digits
}
