import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIPv4 } from 'node:net'
import { createSecureContext } from 'node:tls'
import { AcmeError } from './acme-error.ts'
import { ariCertificateId } from './ari-certificate-id.ts'

/** A certificate and its key. */
export interface Certificate {
  /** PEM. */
  key: string
  /** PEM, the certificate itself first. */
  chain: string
  notBefore: Date
  notAfter: Date
  /** Its id in renewal information; absent when it has no authority key identifier. */
  id?: string
}

/**
 * Parses a certificate and checks that it covers a name and belongs to its key.
 *
 * @param name IPv4 address or host name
 * @throws AcmeError `notOurs`
 */
export function parseCertificate(key: string, chain: string, name: string): Certificate {
  let leaf: X509Certificate
  let belongs: boolean
  try {
    leaf = new X509Certificate(chain)
    belongs = leaf.checkPrivateKey(createPrivateKey(key))
    // Throws here for what TLS would refuse later.
    if (belongs) createSecureContext({ key, cert: chain })
  } catch (cause) {
    throw new AcmeError('notOurs', 'it cannot be read', { cause })
  }
  if (!belongs) throw new AcmeError('notOurs', 'it does not belong to its key')
  const covered = isIPv4(name) ? leaf.checkIP(name) : leaf.checkHost(name, { subject: 'never' })
  if (covered === undefined) throw new AcmeError('notOurs', `it is not for ${name}`)
  const id = ariCertificateId(leaf.toString())
  return {
    key,
    chain,
    notBefore: leaf.validFromDate,
    notAfter: leaf.validToDate,
    ...(id === undefined ? {} : { id }),
  }
}
