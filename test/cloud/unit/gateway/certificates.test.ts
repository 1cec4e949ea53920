import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { CertificateAuthority } from '../../control-plane/certificates/certificate-authority.ts'
import * as der from '../../control-plane/certificates/der.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test('the elements of DER', () => {
  expect(hex(der.integer(Buffer.from([0x00, 0x7f])))).toBe('02017f')
  expect(hex(der.integer(Buffer.from([0x80])))).toBe('02020080')
  expect(hex(der.integer(Buffer.from([0])))).toBe('020100')
  expect(hex(der.objectIdentifier('1.2.840.10045.4.3.2'))).toBe('06082a8648ce3d040302')
  expect(hex(der.objectIdentifier('2.5.29.17'))).toBe('0603551d11')
  expect(hex(der.octetString(Buffer.alloc(0x80)).subarray(0, 3))).toBe('048180')
  expect(hex(der.octetString(Buffer.alloc(0x100)).subarray(0, 4))).toBe('04820100')
  expect(der.time(Date.parse('2026-11-24T12:00:00Z')).toString('latin1')).toBe(
    '\x17\r261124120000Z',
  )
  expect(der.time(Date.parse('2050-01-01T00:00:00Z')).toString('latin1')).toBe(
    '\x18\x0f20500101000000Z',
  )
})

test('a certificate is for its name, from its authority, for its time', () => {
  const now = Date.parse('2026-11-24T12:00:00Z')
  const authority = new CertificateAuthority(now)
  const root = new X509Certificate(authority.certificate)
  expect(root.ca).toBe(true)
  expect(root.verify(root.publicKey)).toBe(true)
  const { cert } = authority.issue('photos.oss-ap-southeast-1.aliyuncs.com')
  const leaf = new X509Certificate(cert)
  expect(leaf.checkIssued(root)).toBe(true)
  expect(leaf.verify(root.publicKey)).toBe(true)
  expect(leaf.ca).toBe(false)
  expect(leaf.checkHost('photos.oss-ap-southeast-1.aliyuncs.com')).toBe(
    leaf.subjectAltName?.slice(4),
  )
  expect(leaf.checkHost('other.oss-ap-southeast-1.aliyuncs.com')).toBe(undefined)
  expect(leaf.validFrom).toBe('Nov 23 12:00:00 2026 GMT')
  expect(leaf.validTo).toBe('Feb 22 12:00:00 2027 GMT')
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
})

test('an address is certified as one', () => {
  const leaf = new X509Certificate(new CertificateAuthority().issue('203.0.113.10').cert)
  expect(leaf.checkIP('203.0.113.10')).toBe('203.0.113.10')
  expect(leaf.subjectAltName).toBe('IP Address:203.0.113.10')
})

test('a name has one certificate, two authorities trust nothing of each other', () => {
  const [one, two] = [new CertificateAuthority(), new CertificateAuthority()]
  expect(one.issue('ram.aliyuncs.com')).toBe(one.issue('ram.aliyuncs.com'))
  const leaf = new X509Certificate(two.issue('ram.aliyuncs.com').cert)
  expect(leaf.verify(new X509Certificate(one.certificate).publicKey)).toBe(false)
})
