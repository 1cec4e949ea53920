import { generateKeyPairSync } from 'node:crypto'

/** An account with a certificate authority; without `url` it is not registered yet. */
export interface AcmeAccount {
  /** PEM of its private key. */
  key: string
  url?: string
}

/** Creates an account with a P-256 key, which every authority accepts (ES256; RFC 8555, 6.2). */
export function newAccount(): AcmeAccount {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}
