import { expect, test } from 'vitest'
import { ConfigError, loadConfig } from '../../../app/server/config.ts'

const least = {
  OSS_ACCESS_KEY_ID: 'LTAI',
  OSS_ACCESS_KEY_SECRET: 'secret',
  OSS_BUCKET: 'photos',
  OSS_REGION: 'ap-southeast-1',
}

test('every variable has a default', () => {
  expect(loadConfig(least)).toEqual({
    port: 3000,
    logLevel: 'info',
    app: {
      signing: {
        credentials: { accessKeyId: 'LTAI', accessKeySecret: 'secret' },
        bucket: 'photos',
        region: 'ap-southeast-1',
        uploadHost: 'https://photos.oss-ap-southeast-1.aliyuncs.com',
        dir: 'upload/',
        maxSize: 5 * 1024 ** 3,
        allowedTypes: [],
        expiresInSeconds: 600,
        version: 'v4',
        naming: 'unique',
        generalForm: false,
      },
      corsOrigins: [],
      signaturesPerMinute: 12_000,
      trustedProxies: 0,
      metrics: 'loopback',
    },
  })
})

test('one error lists every bad variable and no value', () => {
  const bad = {
    ...least,
    OSS_ACCESS_KEY_ID: '',
    OSS_BUCKET: 'Photos_secret',
    OSS_REGION: 'oss-secret',
    UPLOAD_HOST: 'https://secret.example/path',
    UPLOAD_DIR: '../secret',
    MAX_SIZE: '-1',
    ALLOWED_TYPES: '.jpg, secret',
    EXPIRES_SECONDS: '604801',
    SIGNATURE_VERSION: 'secret',
    NAMING: 'secret',
    ACCESS_CODE: 'secret',
    CORS_ORIGINS: '*,secret',
    PORT: '65536',
  }
  expect(() => loadConfig(bad)).toThrow(
    new ConfigError([
      'OSS_ACCESS_KEY_ID must be set',
      'OSS_BUCKET must be a bucket name: 3 to 63 of a-z, 0-9 and "-"',
      'OSS_REGION must be a region like ap-southeast-1, without "oss-"',
      'UPLOAD_HOST must be an origin like https://host, without a path',
      'UPLOAD_DIR must be a prefix like upload/, at most 512 bytes long',
      'MAX_SIZE must be a whole number from 0 to 5368709120',
      'ALLOWED_TYPES must list extensions (.jpg) or MIME types (image/*), with commas between',
      'EXPIRES_SECONDS must be a whole number from 1 to 604800',
      'SIGNATURE_VERSION must be v4 or v1',
      'NAMING must be unique or keep',
      'ACCESS_CODE must have at least 8 characters',
      'CORS_ORIGINS must list origins like https://host, https://*.host or capacitor://localhost, with one * each at most, or *',
      'PORT must be a whole number from 0 to 65535',
    ]),
  )
})

test('multipart uploads are off by default', () => {
  const parts = (more: Record<string, string>) =>
    loadConfig({ ...least, ...more }).app.signing.multipart
  expect(parts({ PART_SIZE: '1048576' })).toBeUndefined()
  expect(parts({ MULTIPART: 'on' })).toEqual({
    threshold: 100 * 1024 ** 2,
    maxSize: 100 * 1024 ** 3,
    partSize: 8 * 1024 ** 2,
  })
  // A largest size holds for every file, until parts have their own.
  expect(parts({ MULTIPART: 'on', MAX_SIZE: '7' })?.maxSize).toBe(7)
  expect(parts({ MULTIPART: 'on', MAX_SIZE: '7', MULTIPART_MAX_SIZE: '9' })?.maxSize).toBe(9)
  expect(() =>
    loadConfig({
      ...least,
      MULTIPART: 'maybe',
      MULTIPART_THRESHOLD: '0',
      MULTIPART_MAX_SIZE: '53687091200001',
      PART_SIZE: '102399',
      TOKEN_SECRET: 'short',
    }),
  ).toThrow(
    new ConfigError([
      'MULTIPART must be off or on',
      'MULTIPART_THRESHOLD must be a whole number from 1 to 5368709120',
      'MULTIPART_MAX_SIZE must be a whole number from 0 to 53687091200000',
      'PART_SIZE must be a whole number from 102400 to 5368709120',
      'TOKEN_SECRET must have at least 16 characters',
    ]),
  )
})

test('origins are normalised to what browsers send', () => {
  const env = { ...least, CORS_ORIGINS: 'https://page.example/, http://other.example:80' }
  expect(() => loadConfig(env)).toThrow(
    new ConfigError([
      'CORS_ORIGINS must list origins like https://host, https://*.host or capacitor://localhost, with one * each at most, or *',
    ]),
  )
  expect(loadConfig({ ...least, CORS_ORIGINS: 'https://page.example/,*' }).app.corsOrigins).toEqual(
    ['https://page.example', '*'],
  )
  const apps = ['https://*.page.example', 'capacitor://localhost', 'ionic://localhost']
  expect(loadConfig({ ...least, CORS_ORIGINS: apps.join() }).app.corsOrigins).toEqual(apps)
})

test.each([
  ['ACCESS_CODE', '密码密码密码密码', 'must be printable ASCII without spaces at its ends'],
  ['ACCESS_CODE', ' sesame sesame', 'must be printable ASCII without spaces at its ends'],
  [
    'UPLOAD_HOST',
    'https://photos.oss-cn-beijing.aliyuncs.com',
    'must not be of another region than ap-southeast-1; write https://photos.oss-ap-southeast-1.aliyuncs.com',
  ],
  [
    'UPLOAD_HOST',
    'https://photos.oss-ap-southeast-1-internal.aliyuncs.com',
    'must not be an internal endpoint, which visitors cannot reach; write https://photos.oss-ap-southeast-1.aliyuncs.com',
  ],
  ['UPLOAD_DIR', 'x'.repeat(513), 'must be a prefix like upload/, at most 512 bytes long'],
  ['UPLOAD_DIR', 'a/${filename}/', 'must be a prefix like upload/, at most 512 bytes long'],
  ['UPLOAD_DIR', 'a//b/', 'must be a prefix like upload/, at most 512 bytes long'],
])('%s=%s is refused', (name, value, problem) => {
  expect(() => loadConfig({ ...least, [name]: value })).toThrow(
    new ConfigError([`${name} ${problem}`]),
  )
})
