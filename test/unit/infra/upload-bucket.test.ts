import { expect, test, vi } from 'vitest'
import { UploadBucket } from '../../../infra/storage/upload-bucket.ts'
import { named, recordRegistrations, resolved, settled, UNKNOWN, unknown } from './registrations.ts'

// What the engine keeps of a dynamic resource is the text of its functions, which Vite would change.
vi.mock(
  '../../../infra/storage/bucket-contents.ts',
  () => import('./dynamic/bucket-contents-stand-in.ts'),
)

test('a bucket for uploads is private, encrypted, TLS only, and never overwritten', async () => {
  const recorded = await recordRegistrations()
  const uploads = new UploadBucket('up', {
    bucketName: 'shop-uploads',
    region: 'ap-southeast-1',
    corsOrigins: ['http://203.0.113.10', 'https://a.example', 'https://a.example'],
    tags: { team: 'web' },
  })
  await settled()

  expect(recorded.map(({ type, name, parent }) => [type, name, parent])).toEqual([
    ['oss-direct-upload:index:UploadBucket', 'up', undefined],
    ['alicloud:oss/bucketAcl:BucketAcl', 'up-acl', 'up'],
    ['alicloud:oss/bucket:Bucket', 'up-bucket', 'up'],
    ['pulumi-nodejs:dynamic:BucketContents', 'up-contents', 'up'],
    ['alicloud:oss/bucketCors:BucketCors', 'up-cors', 'up'],
    ['alicloud:oss/bucketServerSideEncryption:BucketServerSideEncryption', 'up-encryption', 'up'],
    ['alicloud:oss/bucketOverwriteConfig:BucketOverwriteConfig', 'up-overwrite', 'up'],
    ['alicloud:oss/bucketPolicy:BucketPolicy', 'up-policy', 'up'],
    [
      'alicloud:oss/bucketPublicAccessBlock:BucketPublicAccessBlock',
      'up-public-access-block',
      'up',
    ],
  ])
  const bucket = 'shop-uploads'
  expect(named(recorded, 'up').inputs).toEqual({})
  expect(named(recorded, 'up-bucket')).toMatchObject({
    inputs: {
      bucket,
      forceDestroy: true,
      lifecycleRules: [
        {
          id: 'abort-unfinished-uploads',
          enabled: true,
          prefix: '',
          abortMultipartUploads: [{ days: 3 }],
        },
      ],
      tags: { team: 'web' },
    },
    options: { ignoreChanges: ['corsRules', 'policy', 'serverSideEncryptionRule'] },
  })
  expect(named(recorded, 'up-acl').inputs).toEqual({ bucket, acl: 'private' })
  expect(named(recorded, 'up-public-access-block')).toMatchObject({
    inputs: { bucket, blockPublicAccess: true },
    options: { dependsOn: ['up-acl', 'up-bucket'] },
  })
  const policy = named(recorded, 'up-policy')
  expect(policy.options).toEqual({ dependsOn: ['up-bucket', 'up-public-access-block'] })
  expect(policy.inputs.bucket).toBe(bucket)
  expect(JSON.parse(String(policy.inputs.policy))).toEqual({
    Version: '1',
    Statement: [
      {
        Effect: 'Deny',
        Action: ['oss:*'],
        Principal: ['*'],
        Resource: ['acs:oss:*:*:shop-uploads', 'acs:oss:*:*:shop-uploads/*'],
        Condition: { Bool: { 'acs:SecureTransport': ['false'] } },
      },
    ],
  })
  expect(named(recorded, 'up-encryption').inputs).toEqual({ bucket, sseAlgorithm: 'AES256' })
  expect(named(recorded, 'up-overwrite').inputs).toEqual({
    bucket,
    rules: [{ id: 'forbid-overwrite', action: 'forbid', principals: {} }],
  })
  expect(named(recorded, 'up-cors').inputs).toEqual({
    bucket,
    corsRules: [
      {
        allowedMethods: ['POST'],
        allowedOrigins: ['http://203.0.113.10', 'https://a.example'],
        allowedHeaders: ['*'],
        exposeHeaders: ['x-oss-request-id'],
        maxAgeSeconds: 600,
      },
    ],
    responseVary: true,
  })
  expect(named(recorded, 'up-contents').inputs).toMatchObject({ bucket, region: 'ap-southeast-1' })
  expect(await resolved(uploads.bucketName)).toBe(bucket)
})

test('objects and parts expire after the given days', async () => {
  const recorded = await recordRegistrations()
  new UploadBucket('up', {
    bucketName: 'shop-uploads',
    region: 'ap-southeast-1',
    corsOrigins: ['https://a.example', '*'],
    objectExpiryDays: 30,
    expiryPrefix: 'upload/',
    abortMultipartDays: 7,
  })
  await settled()

  expect(named(recorded, 'up-bucket').inputs).toEqual({
    bucket: 'shop-uploads',
    forceDestroy: true,
    lifecycleRules: [
      {
        id: 'abort-unfinished-uploads',
        enabled: true,
        prefix: '',
        abortMultipartUploads: [{ days: 7 }],
      },
      { id: 'expire-objects', enabled: true, prefix: 'upload/', expirations: [{ days: 30 }] },
    ],
  })
  expect(named(recorded, 'up-cors').inputs.corsRules).toMatchObject([{ allowedOrigins: ['*'] }])
})

test('with large files pages can do what parts need, and have a week for them', async () => {
  const recorded = await recordRegistrations()
  new UploadBucket('up', {
    bucketName: 'shop-uploads',
    region: 'ap-southeast-1',
    corsOrigins: ['https://a.example'],
    uploadsInParts: true,
  })
  await settled()

  expect(named(recorded, 'up-cors').inputs.corsRules).toEqual([
    {
      allowedMethods: ['POST', 'PUT', 'GET', 'DELETE'],
      allowedOrigins: ['https://a.example'],
      allowedHeaders: ['*'],
      exposeHeaders: ['ETag', 'x-oss-request-id', 'x-oss-hash-crc64ecma'],
      maxAgeSeconds: 600,
    },
  ])
  expect(named(recorded, 'up-bucket').inputs.lifecycleRules).toEqual([
    {
      id: 'abort-unfinished-uploads',
      enabled: true,
      prefix: '',
      abortMultipartUploads: [{ days: 7 }],
    },
  ])
})

test('an unknown address leaves the rest of a preview known', async () => {
  const recorded = await recordRegistrations({ preview: true })
  new UploadBucket('up', {
    bucketName: 'shop-uploads',
    region: 'ap-southeast-1',
    corsOrigins: [unknown<string>(), 'https://a.example'],
  })
  await settled()

  expect(recorded).toHaveLength(9)
  expect(named(recorded, 'up-bucket').inputs.bucket).toBe('shop-uploads')
  expect(named(recorded, 'up-cors').inputs).toEqual({
    bucket: 'shop-uploads',
    corsRules: [
      {
        allowedMethods: ['POST'],
        allowedOrigins: UNKNOWN,
        allowedHeaders: ['*'],
        exposeHeaders: ['x-oss-request-id'],
        maxAgeSeconds: 600,
      },
    ],
    responseVary: true,
  })
})
