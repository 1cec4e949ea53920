import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIPv4 } from 'node:net'
import { createSecureContext } from 'node:tls'
import { AcmeError } from './acme-error.ts'
import { certificateId } from './ari-certificate-id.ts'

/** A certificate that can be served. */
export interface Certificate {
  /** PEM. */
  key: string
  /** PEM, the certificate itself first. */
  chain: string
  notBefore: Date
  notAfter: Date
  /** What the authority's renewal information knows it by; absent when it names no issuer's key. */
  id?: string
}

/**
 * Reads a certificate and makes sure that it is for the name and belongs to the key.
 *
 * @param name IPv4 address or host name
 * @throws AcmeError `notOurs`
 */
export function readCertificate(key: string, chain: string, name: string): Certificate {
  let first: X509Certificate
  let belongs: boolean
  try {
    first = new X509Certificate(chain)
    belongs = first.checkPrivateKey(createPrivateKey(key))
    // What TLS would refuse, it refuses here.
    if (belongs) createSecureContext({ key, cert: chain })
  } catch (cause) {
    throw new AcmeError('notOurs', 'it cannot be read', { cause })
  }
  if (!belongs) throw new AcmeError('notOurs', 'it does not belong to its key')
  const covered = isIPv4(name) ? first.checkIP(name) : first.checkHost(name, { subject: 'never' })
  if (covered === undefined) throw new AcmeError('notOurs', `it is not for ${name}`)
  const id = certificateId(first)
  return {
    key,
    chain,
    notBefore: first.validFromDate,
    notAfter: first.validToDate,
    ...(id === undefined ? {} : { id }),
  }
}
