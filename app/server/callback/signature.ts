import { type KeyObject, verify } from 'node:crypto'

/**
 * Returns the bytes that OSS signs for a callback: url_decode(path) + query with its `?` + "\n" + body
 * ("Callback", Alibaba Cloud OSS documentation).
 *
 * @param target Path and query as in the request line
 */
export function callbackSignedBytes(target: string, body: Buffer): Buffer {
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const query = mark < 0 ? '' : target.slice(mark)
  return Buffer.concat([percentDecode(path), Buffer.from(`${query}\n`, 'utf8'), body])
}

/**
 * Returns whether OSS signed this callback for one of the targets: RSA PKCS#1 v1.5 with MD5.
 *
 * @param targets Path and query as OSS may have called them
 */
export function isCallbackSigned(
  targets: readonly string[],
  body: Buffer,
  signature: Buffer,
  key: KeyObject,
): boolean {
  return targets.some((target) =>
    verify('RSA-MD5', callbackSignedBytes(target, body), key, signature),
  )
}

/** Decodes canonical standard base64; returns undefined for any other text. */
export function strictBase64(text: string | undefined): Buffer | undefined {
  if (text === undefined || text === '') return undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}

/** Decodes to bytes, as a path need not decode to UTF-8. */
function percentDecode(path: string): Buffer {
  const parts = path.split(/(%[0-9a-f]{2})/i)
  return Buffer.concat(
    parts.map((part, i) =>
      i % 2 === 1 ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part, 'utf8'),
    ),
  )
}
