import type { Call } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import { type XmlNode, xml } from '../xml/render-xml.ts'

/** How a listing writes keys. */
export interface KeyEncoding {
  /** Encodes a key if the request asks for it. */
  text(key: string): string
  /** The EncodingType element, if the request asks for it. */
  element: XmlNode[]
}

/** Reads `encoding-type`. @throws OssError for any value but `url` */
export function keyEncoding({ query }: Call): KeyEncoding {
  const encoding = query.get('encoding-type') ?? ''
  if (encoding !== '' && encoding !== 'url') {
    throw invalid('encoding-type', encoding, 'Invalid Encoding Method specified in Request.')
  }
  return encoding === 'url'
    ? { text: encodeURIComponent, element: [xml('EncodingType', 'url')] }
    : { text: (key) => key, element: [] }
}

/**
 * Reads a whole number from the query.
 *
 * @throws OssError unless it is from 1 to `max`
 */
export function readCount({ query }: Call, name: string, byDefault: number, max: number): number {
  const text = query.get(name) ?? ''
  if (text === '') return byDefault
  const count = /^\d{1,10}$/.test(text) ? Number(text) : -1
  if (count >= 1 && count <= max) return count
  throw invalid(name, text, `Argument ${name} must be an integer between 1 and ${max}.`)
}

/** Returns a token for the page after a key. */
export function writeToken(key: string): string {
  return Buffer.from(key).toString('base64')
}

/** Returns the key of a token. @throws OssError */
export function readToken(token: string): string {
  const bytes = Buffer.from(token, 'base64')
  if (bytes.toString('base64') === token) return bytes.toString('utf8')
  throw invalid('continuation-token', token, 'The continuation token is invalid.')
}

function invalid(ArgumentName: string, ArgumentValue: string, message: string): OssError {
  return new OssError('invalidArgument', { message, details: { ArgumentName, ArgumentValue } })
}
