import { expect, test } from 'vitest'
import { areCallbackUrls, callbackTargets } from '../../../../app/server/callback/url.ts'
import { ConfigError, loadConfig } from '../../../../app/server/config.ts'

const http = {
  OSS_ACCESS_KEY_ID: 'LTAI',
  OSS_ACCESS_KEY_SECRET: 'secret',
  OSS_BUCKET: 'photos',
  OSS_REGION: 'ap-southeast-1',
  PORT: '80',
}
const https = { ...http, HTTPS_NAME: '47.1.2.3', CERTIFICATE_DIR: '/var/lib/photos' }

test('a name and a folder turn https on', () => {
  expect(loadConfig(http).https).toBe(undefined)
  expect(loadConfig(https).https).toEqual({
    name: '47.1.2.3',
    port: 443,
    directory: 'https://acme-v02.api.letsencrypt.org/directory',
    profile: 'shortlived',
    folder: '/var/lib/photos',
  })
})

test('every setting can be changed', () => {
  const { https: settings } = loadConfig({
    ...https,
    HTTPS_NAME: 'photos.example.com',
    HTTPS_PORT: '8443',
    ACME_DIRECTORY: 'https://acme-staging-v02.api.letsencrypt.org/directory',
    ACME_PROFILE: 'none',
    CERTIFICATE_BUCKET: 'release',
    INSTANCE_ROLE: 'photos-server',
  })
  expect(settings).toEqual({
    name: 'photos.example.com',
    port: 8443,
    directory: 'https://acme-staging-v02.api.letsencrypt.org/directory',
    profile: undefined,
    folder: '/var/lib/photos',
    bucket: { bucket: 'release', region: 'ap-southeast-1', credentials: expect.any(Function) },
  })
})

test.each([
  [
    'HTTPS_NAME',
    '10.1.2.3',
    'is a private address: certificates are given for public ones, such as that of an EIP',
  ],
  [
    'HTTPS_NAME',
    'https://a.example.com',
    'must be an IPv4 address, or a host name in lower case like www.example.com',
  ],
  [
    'HTTPS_NAME',
    'a.internal',
    'is a private name: certificates are given for names that everybody can look up',
  ],
  ['HTTPS_PORT', '65536', 'must be a whole number from 0 to 65535'],
  ['HTTPS_PORT', '80', 'must be another than PORT, which serves http'],
  ['ACME_DIRECTORY', 'http://ca.example/dir', 'must be an https URL'],
  ['ACME_PROFILE', 'a b', 'must be the name of a profile, or none'],
  [
    'CERTIFICATE_DIR',
    undefined,
    'must be set with HTTPS_NAME: a folder that keeps the certificate',
  ],
  ['CERTIFICATE_DIR', '', 'must not be empty'],
  ['CERTIFICATE_BUCKET', 'Release', 'must be a bucket name: 3 to 63 of a-z, 0-9 and "-"'],
  [
    'UPLOAD_HOST',
    'http://photos.example.com',
    'must be https with HTTPS_NAME: from there a browser sends nothing to http',
  ],
])('%s=%s is refused', (name, value, problem) => {
  expect(() => loadConfig({ ...https, [name]: value })).toThrow(
    new ConfigError([`${name} ${problem}`]),
  )
})

test('refuses the settings of https without a name', () => {
  expect(() => loadConfig({ ...http, HTTPS_PORT: '443', CERTIFICATE_BUCKET: 'release' })).toThrow(
    new ConfigError([
      'HTTPS_PORT needs HTTPS_NAME, which turns https on',
      'CERTIFICATE_BUCKET needs HTTPS_NAME, which turns https on',
    ]),
  )
})

test.each([
  ['http://47.1.2.3/callback', {}, 'https://47.1.2.3/callback;http://47.1.2.3/callback'],
  ['https://47.1.2.3/callback', {}, 'https://47.1.2.3/callback'],
  [
    'http://47.1.2.3/up/callback?a=b',
    { HTTPS_PORT: '8443' },
    'https://47.1.2.3:8443/up/callback?a=b;http://47.1.2.3/up/callback?a=b',
  ],
  // The address works before the DNS record of the name.
  [
    'http://47.1.2.3/callback',
    { HTTPS_NAME: 'a.example.com' },
    'https://a.example.com/callback;http://47.1.2.3/callback',
  ],
])('the callback goes to https first: %s', (given, more, signed) => {
  const { app } = loadConfig({ ...https, ...more, CALLBACK_URL: given })
  expect(app.signing.callbackUrl).toBe(signed)
  expect(areCallbackUrls(signed)).toBe(true)
  const path = given.replace(/^https?:\/\/[^/]+/, '')
  expect(new Set(callbackTargets(signed))).toEqual(new Set([path]))
})

test('OSS accepts five callback addresses at most', () => {
  const five = Array.from({ length: 5 }, (_, i) => `http://a${i}.example/callback`)
  expect(areCallbackUrls(five.join(';'))).toBe(true)
  expect(areCallbackUrls([...five, 'http://b.example/'].join(';'))).toBe(false)
  expect(areCallbackUrls('http://a.example/;')).toBe(false)
})
