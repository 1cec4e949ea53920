import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { certificateId } from '../../../../app/server/https/acme/ari-certificate-id.ts'
import { readCertificate } from '../../../../app/server/https/acme/certificate.ts'
import { CertificateAuthority } from '../../../cloud/control-plane/certificates/certificate-authority.ts'
import * as der from '../../../cloud/control-plane/certificates/der.ts'

const START = Date.parse('2026-03-01T00:00:00Z')
const DAY = 86_400_000
const authority = new CertificateAuthority(START)
const address = authority.issue('47.1.2.3')

/** With the numbers of the example in RFC 9773, 4.1; signed by nobody. */
function example(): X509Certificate {
  const algorithm = der.sequence(der.objectIdentifier('1.2.840.10045.4.3.2'))
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = Buffer.from('69885b6b87464041e1b37b847ba0ae2cde01c8d4', 'hex')
  const extension = der.sequence(
    der.objectIdentifier('2.5.29.35'),
    der.octetString(der.sequence(der.implicit(0, issuer))),
  )
  const unsigned = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(Buffer.from('87654321', 'hex')),
    algorithm,
    der.sequence(),
    der.sequence(der.time(START), der.time(START + DAY)),
    der.sequence(),
    publicKey.export({ type: 'spki', format: 'der' }),
    der.explicit(3, der.sequence(extension)),
  )
  return new X509Certificate(der.sequence(unsigned, algorithm, der.bitString(Buffer.from([0]))))
}

test('what a certificate says is read', () => {
  const { notBefore, notAfter, id, chain } = readCertificate(address.key, address.cert, '47.1.2.3')
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
    'no certificate',
    address.key,
    '-----BEGIN CERTIFICATE-----\nAAAA\n',
    '47.1.2.3',
    'it cannot be read',
  ],
  ['no key', 'none', address.cert, '47.1.2.3', 'it cannot be read'],
])('%s is told', (_title, key, chain, name, message) => {
  expect(() => readCertificate(key, chain, name)).toThrow(
    expect.objectContaining({ name: 'AcmeError', reason: 'notOurs', message }),
  )
})

test('the id is that of the standard', () => {
  expect(certificateId(example())).toBe('aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE')
})

test('a certificate that does not name the key of its issuer has none', () => {
  expect(certificateId(new X509Certificate(authority.certificate))).toBe(undefined)
})
