import { secret } from '@pulumi/pulumi'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadConfig as loadServerConfig } from '../../../app/server/config.ts'
import { secretEnvironment, serverEnvironment } from '../../../infra/config/server-environment.ts'
import { loadConfig } from '../../../infra/config/stack-config.ts'

test('the configuration becomes the variables of the server', () => {
  const config = loadConfig({ values: {}, region: 'eu-central-1' })
  expect(serverEnvironment({ config, bucket: 'photos', address: '203.0.113.10' })).toEqual({
    CREDENTIALS: 'access-key',
    OSS_BUCKET: 'photos',
    OSS_REGION: 'eu-central-1',
    UPLOAD_HOST: 'https://photos.oss-eu-central-1.aliyuncs.com',
    UPLOAD_DIR: 'upload/',
    MAX_SIZE: '5368709120',
    ALLOWED_TYPES: '',
    EXPIRES_SECONDS: '600',
    SIGNATURE_VERSION: 'v4',
    NAMING: 'unique',
    CORS_ORIGINS: '',
    SIGNATURES_PER_MINUTE: '12000',
  })
})

test.each([
  ['0', '5368709120', '107374182400'],
  ['1000', '1000', '1000'],
  ['5368709120', '5368709120', '5368709120'],
  ['53687091200000', '5368709120', '53687091200000'],
])('large files of at most %s bytes', (maxSize, form, all) => {
  const config = loadConfig({ values: { maxSize, largeFiles: 'true' }, region: 'eu-central-1' })
  expect(serverEnvironment({ config, bucket: 'photos', address: '203.0.113.10' })).toMatchObject({
    MAX_SIZE: form,
    MULTIPART: 'on',
    MULTIPART_MAX_SIZE: all,
  })
})

test.each([
  [{}, { HTTPS_NAME: '203.0.113.10' }],
  [{ domain: 'photos.example' }, { HTTPS_NAME: 'photos.example' }],
  [
    { acmeDirectory: 'https://acme.example/directory' },
    { HTTPS_NAME: '203.0.113.10', ACME_DIRECTORY: 'https://acme.example/directory' },
  ],
])(
  'with https and %o the server gets %o, and where to store the certificate',
  (values, expected) => {
    const place = { bucket: 'photos', address: '203.0.113.10' }
    const environment = (https: string, more: Record<string, string>) => {
      const config = loadConfig({
        values: { https, callback: 'true', ...more },
        region: 'eu-central-1',
      })
      return serverEnvironment({ config, ...place })
    }
    expect(environment('true', values)).toEqual({
      ...environment('false', {}),
      ...expected,
      CALLBACK_URL: 'http://203.0.113.10/callback',
      CERTIFICATE_DIR: '/var/lib/oss-direct-upload',
    })
  },
)

test('secrets are separate, and always contain the key of the tokens', () => {
  const key = { accessKeyId: secret('LTAI'), accessKeySecret: secret('key') }
  const accessCode = secret('open-sesame')
  const token = secret('key-of-the-tokens')
  const { accessKeyId, accessKeySecret } = key
  expect(secretEnvironment({ accessCode }, token, key)).toEqual({
    TOKEN_SECRET: token,
    OSS_ACCESS_KEY_ID: accessKeyId,
    OSS_ACCESS_KEY_SECRET: accessKeySecret,
    ACCESS_CODE: accessCode,
  })
  expect(secretEnvironment({ accessCode }, token, undefined)).toEqual({
    TOKEN_SECRET: token,
    ACCESS_CODE: accessCode,
  })
  expect(secretEnvironment({}, token, undefined)).toEqual({ TOKEN_SECRET: token })
})

test('the server accepts every setting that a preview accepts', () => {
  const segment = fc.stringMatching(/^[\p{L}\p{N}_-]{1,20}$/u)
  const origin = fc.oneof(
    fc.webUrl({ validSchemes: ['https', 'http'] }).map((url) => new URL(url).origin),
    fc.constantFrom('https://*.a.example', 'capacitor://localhost', 'ionic://localhost', '*'),
  )
  const values = fc.record(
    {
      uploadDir: fc
        .array(segment, { minLength: 1, maxLength: 4 })
        .map((parts) => `${parts.join('/')}/`),
      maxSize: fc.integer({ min: 0, max: 5_368_709_120 }).map(String),
      largeFiles: fc.constantFrom('true', 'false'),
      allowedTypes: fc
        .array(fc.constantFrom('.jpg', '.PNG', 'image/*', 'application/vnd.x+json', '.$x"'))
        .map((list) => JSON.stringify(list)),
      expiresSeconds: fc.integer({ min: 1, max: 604_800 }).map(String),
      signatureVersion: fc.constantFrom('v4', 'v1'),
      naming: fc.constantFrom('unique', 'keep'),
      credentials: fc.constantFrom('access-key', 'instance-role'),
      corsOrigins: fc.array(origin, { maxLength: 5 }).map((list) => JSON.stringify(list)),
      callback: fc.constantFrom('true', 'false'),
      uploadHost: fc.constantFrom('https://files.example', 'https://a-b.example:8443'),
      signaturesPerMinute: fc.integer({ min: 1, max: 1_000_000 }).map(String),
      filesPerHour: fc.integer({ min: 0, max: 1_000_000_000 }).map(String),
      bytesPerHour: fc.integer({ min: 0, max: 1e15 - 1 }).map(String),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(values, (given) => {
      const config = loadConfig({
        values: given as Record<string, string>,
        region: 'ap-southeast-1',
      })
      const environment = serverEnvironment({ config, bucket: 'photos', address: '203.0.113.10' })
      const { app } = loadServerConfig({
        ...environment,
        OSS_ACCESS_KEY_ID: 'LTAI',
        OSS_ACCESS_KEY_SECRET: 'key',
        TOKEN_SECRET: 'A'.repeat(43),
      })
      expect(app.signing).toMatchObject({
        bucket: 'photos',
        region: 'ap-southeast-1',
        dir: config.uploadDir,
        maxSize: config.maxSize ?? 5_368_709_120,
        allowedTypes: config.allowedTypes,
        expiresInSeconds: config.expiresSeconds,
        version: config.signatureVersion,
        naming: config.naming,
        uploadHost: config.uploadHost ?? 'https://photos.oss-ap-southeast-1.aliyuncs.com',
      })
      expect(app.signing.callbackUrl).toBe(
        config.callback ? 'http://203.0.113.10/callback' : undefined,
      )
      expect(app.signing.multipart?.maxSize).toBe(
        config.largeFiles ? (config.maxSize ?? 107_374_182_400) : undefined,
      )
      expect(app.signing.filesPerHour).toBe(config.filesPerHour)
      expect(app.signing.bytesPerHour).toBe(config.bytesPerHour)
      expect(app.corsOrigins).toEqual(config.corsOrigins)
      expect(app.signaturesPerMinute).toBe(config.signaturesPerMinute)
    }),
  )
})

test('the general form is set only when it is on', () => {
  const environment = (values: Record<string, string>) => {
    const config = loadConfig({ values, region: 'ap-southeast-1' })
    return serverEnvironment({ config, bucket: 'photos', address: '203.0.113.10' })
  }
  expect(environment({}).GENERAL_FORM).toBeUndefined()
  const key = { OSS_ACCESS_KEY_ID: 'LTAI', OSS_ACCESS_KEY_SECRET: 'key' }
  const server = loadServerConfig({ ...environment({ generalForm: 'true' }), ...key })
  expect(server.app.signing.generalForm).toBe(true)
})
