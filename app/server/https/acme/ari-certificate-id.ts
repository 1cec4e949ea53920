import { AuthorityKeyIdentifierExtension, X509Certificate } from '@peculiar/x509'

/**
 * Returns the id of a certificate in ACME renewal information: the key identifier of its issuer and
 * its serial number, both base64url (RFC 9773, 4.1).
 *
 * @param pem The certificate, or a chain that starts with it
 * @returns undefined when the certificate has no authority key identifier
 */
export function ariCertificateId(pem: string): string | undefined {
  const certificate = new X509Certificate(pem)
  const keyId = certificate.getExtension(AuthorityKeyIdentifierExtension)?.keyId
  if (keyId === undefined) return undefined
  // The library drops the zero byte in front of a number whose first bit is set.
  const serial = certificate.serialNumber.replace(/^(?=[89a-f])/, '00')
  return [keyId, serial].map((hex) => Buffer.from(hex, 'hex').toString('base64url')).join('.')
}
