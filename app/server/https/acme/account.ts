import { generateKeyPairSync } from 'node:crypto'
import type { AcmeAccount } from './issue-certificate.ts'

/** A key that no authority knows yet: P-256, which all of them take (ES256 of RFC 8555, 6.2). */
export function newAccount(): AcmeAccount {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}
