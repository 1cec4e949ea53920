import { generateKeyPairSync } from 'node:crypto'
import { AuthorityKeyIdentifierExtension, X509CertificateGenerator } from '@peculiar/x509'
import { CertificateAuthority } from 'simulated-cloud'
import { expect, test } from 'vitest'
import { ariCertificateId } from '../../../../app/server/https/acme/ari-certificate-id.ts'
import { parseCertificate } from '../../../../app/server/https/acme/certificate.ts'

const START = Date.parse('2026-03-01T00:00:00Z')
const DAY = 86_400_000
const authority = new CertificateAuthority(START)
const address = authority.issue('47.1.2.3')

test('parses validity and id', () => {
  const { notBefore, notAfter, id, chain } = parseCertificate(address.key, address.cert, '47.1.2.3')
  expect([notBefore.getTime(), notAfter.getTime()]).toEqual([START - DAY, START + 90 * DAY])
  expect(chain).toBe(address.cert)
  expect(id).toMatch(/^[\w-]{27}\.[\w-]{22}$/)
})

test.each([
  ['another name', address.key, address.cert, '47.1.2.4', 'it is not for 47.1.2.4'],
  [
    'a host name for an address',
    address.key,
    address.cert,
    'a.example.com',
    'it is not for a.example.com',
  ],
  [
    'another key',
    generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
    address.cert,
    '47.1.2.3',
    'it does not belong to its key',
  ],
  [
    'a malformed certificate',
    address.key,
    '-----BEGIN CERTIFICATE-----\nAAAA\n',
    '47.1.2.3',
    'it cannot be read',
  ],
  ['a malformed key', 'none', address.cert, '47.1.2.3', 'it cannot be read'],
])('refuses %s', (_title, key, chain, name, message) => {
  expect(() => parseCertificate(key, chain, name)).toThrow(
    expect.objectContaining({ name: 'AcmeError', reason: 'notOurs', message }),
  )
})

// The example of RFC 9773, 4.1.
test('the id is key identifier and serial number', async () => {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    serialNumber: '0087654321',
    extensions: [new AuthorityKeyIdentifierExtension('69885b6b87464041e1b37b847ba0ae2cde01c8d4')],
  })
  expect(ariCertificateId(certificate.toString('pem'))).toBe('aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE')
})

test('a certificate without an authority key identifier has no id', () => {
  expect(ariCertificateId(authority.certificate)).toBe(undefined)
})
