import { expect, test } from 'vitest'
import { certificateNameProblem } from '../../../../app/server/https/certificate-name.ts'

const PRIVATE =
  'is a private address: certificates are given for public ones, such as that of an EIP'
const UNKNOWN = 'is a private name: certificates are given for names that everybody can look up'
const SYNTAX = 'must be an IPv4 address, or a host name in lower case like www.example.com'

test.each([
  ['47.1.2.3', undefined],
  ['203.0.113.7', undefined],
  ['172.32.0.1', undefined],
  ['100.128.0.1', undefined],
  ['photos.example.com', undefined],
  ['xn--fsq.xn--0zwm56d', undefined],
  ['10.0.0.1', PRIVATE],
  ['172.31.255.255', PRIVATE],
  ['192.168.1.1', PRIVATE],
  ['100.100.100.200', PRIVATE],
  ['127.0.0.1', PRIVATE],
  ['169.254.1.1', PRIVATE],
  ['0.0.0.0', PRIVATE],
  ['224.0.0.1', PRIVATE],
  ['255.255.255.255', PRIVATE],
  ['printer.local', UNKNOWN],
  ['oss.internal', UNKNOWN],
  ['nas.home.arpa', UNKNOWN],
  ['localhost', SYNTAX],
  ['', SYNTAX],
  ['Photos.example.com', SYNTAX],
  ['-a.example.com', SYNTAX],
  ['*.example.com', SYNTAX],
  ['photos.example.com.', SYNTAX],
  ['https://photos.example.com', SYNTAX],
  ['photos.example.com:443', SYNTAX],
  ['1.2.3.456', SYNTAX],
  ['::1', SYNTAX],
  [`${'a'.repeat(64)}.example.com`, SYNTAX],
  [`${'a.'.repeat(126)}com`, SYNTAX],
])('%s', (name, problem) => {
  expect(certificateNameProblem(name)).toBe(problem)
})
