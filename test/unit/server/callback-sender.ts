import { generateKeyPairSync, sign } from 'node:crypto'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })

/** The public half, as OSS publishes it. */
export const PUBLIC_KEY = publicKey.export({ type: 'spki', format: 'pem' }).toString()
export const KEY_URL = 'https://gosspublic.alicdn.com/callback_pub_key_v1.pem'

/** A callback as OSS would send it; every part can be changed after it was signed. */
export interface Callback {
  /** Path and query that are called. */
  target: string
  body: string
  headers: Record<string, string>
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64')

/**
 * Signs as OSS does.
 *
 * @param signedPath The path as it is signed: percent-decoded
 */
export function signedCallback(
  body: string,
  change: { path?: string; signedPath?: string; query?: string; type?: string } = {},
): Callback {
  const { path = '/callback', query = '', type = 'application/json' } = change
  const signature = sign(
    'RSA-MD5',
    Buffer.from(`${change.signedPath ?? path}${query}\n${body}`),
    privateKey,
  )
  return {
    target: path + query,
    body,
    headers: {
      'content-type': type,
      authorization: signature.toString('base64'),
      'x-oss-pub-key-url': base64(KEY_URL),
    },
  }
}

/** Fills the variables of a callbackBody in as OSS does for application/json. */
export function filledBody(callback: string, values: Record<string, string | number>): string {
  const { callbackBody } = JSON.parse(Buffer.from(callback, 'base64').toString())
  return callbackBody.replaceAll(/\$\{(\w+)\}/g, (_all: string, name: string) =>
    JSON.stringify(values[name]),
  )
}

export const sendCallback = (origin: string, { target, body, headers }: Callback) =>
  fetch(origin + target, { method: 'POST', body, headers })
