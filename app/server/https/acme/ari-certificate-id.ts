import type { X509Certificate } from 'node:crypto'

/** DER of the object identifier 2.5.29.35, authorityKeyIdentifier. */
const AUTHORITY_KEY = Buffer.from([0x06, 0x03, 0x55, 0x1d, 0x23])
const OCTET_STRING = 0x04
const SEQUENCE = 0x30
/** `[0] keyIdentifier` (RFC 5280, 4.2.1.1). */
const KEY_IDENTIFIER = 0x80

/**
 * What names a certificate in renewal information and in the order that replaces it: the key
 * identifier of its issuer and its serial number, both base64url of their DER content (RFC 9773,
 * 4.1). Node reads serial numbers but no key identifiers.
 *
 * @returns undefined when the certificate does not name its issuer's key
 */
export function certificateId(certificate: X509Certificate): string | undefined {
  const { raw, serialNumber } = certificate
  const at = raw.indexOf(AUTHORITY_KEY)
  if (at < 0) return undefined
  const extension = content(raw.subarray(at + AUTHORITY_KEY.length), OCTET_STRING)
  const identifier = extension && content(content(extension, SEQUENCE), KEY_IDENTIFIER)
  if (identifier === undefined) return undefined
  const hex = serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`
  // A number whose first bit is set has a zero in front, or it would be negative.
  const serial = Buffer.from(Number.parseInt(hex.slice(0, 1), 16) >= 8 ? `00${hex}` : hex, 'hex')
  return `${identifier.toString('base64url')}.${serial.toString('base64url')}`
}

/** Content of the value that the bytes begin with, if it has that tag and is shorter than 128 bytes. */
function content(bytes: Buffer | undefined, tag: number): Buffer | undefined {
  const length = bytes?.[1]
  if (bytes?.[0] !== tag || length === undefined || length > 127) return undefined
  return bytes.length < 2 + length ? undefined : bytes.subarray(2, 2 + length)
}
