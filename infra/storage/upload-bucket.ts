import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import { denyWithoutTls, policyDocument } from '../ram/policy-document.ts'
import { BucketContents } from './bucket-contents.ts'

export interface UploadBucketArgs {
  /** 3 to 63 of a-z, 0-9 and `-`; unique among all buckets of Alibaba Cloud. */
  bucketName: pulumi.Input<string>
  /** Of the provider, e.g. `ap-southeast-1`. */
  region: pulumi.Input<string>
  /** Origins of the pages that upload, e.g. `https://photos.example`. */
  corsOrigins: pulumi.Input<pulumi.Input<string>[]>
  /** Days after which objects under `expiryPrefix` are deleted. @default they are kept */
  objectExpiryDays?: pulumi.Input<number | undefined>
  /** @default '', all objects */
  expiryPrefix?: pulumi.Input<string>
  /** Whether the pages upload large files in parts, too. @default false */
  uploadsInParts?: boolean
  /**
   * Days after which the parts of an unfinished upload are deleted.
   *
   * @default 3; with `uploadsInParts` 7, as long as the server lets an upload be gone on with
   */
  abortMultipartDays?: pulumi.Input<number>
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>
}

/**
 * A private bucket for uploads from browsers: no public access, TLS only, encrypted at rest, no
 * object is ever overwritten, and pages of the given origins may post forms to it, and upload in
 * parts if that is said. It is deleted with all that is in it.
 */
export class UploadBucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>
  /**
   * Empties the bucket in the end. It is of the provider of dynamic resources; that of the cloud is
   * held up while this one starts, so what takes long is begun before.
   */
  readonly contents: pulumi.Resource
  /**
   * What has to be there before anyone uploads, and what has to go on as long as anyone may: all of
   * it but the CORS rule, which takes the longest and which pages alone wait for.
   */
  readonly safeguards: readonly pulumi.Resource[]

  constructor(name: string, args: UploadBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super('oss-direct-upload:index:UploadBucket', name, {}, opts)
    const parent = { parent: this }

    const bucket = new alicloud.oss.Bucket(
      `${name}-bucket`,
      {
        bucket: args.bucketName,
        forceDestroy: true,
        lifecycleRules: lifecycleRules(args),
        ...(args.tags === undefined ? {} : { tags: args.tags }),
      },
      // Resources of their own hold these; refreshed, the bucket sees them and would remove them.
      { ...parent, ignoreChanges: ['corsRules', 'policy', 'serverSideEncryptionRule'] },
    )
    const acl = new alicloud.oss.BucketAcl(
      `${name}-acl`,
      { bucket: bucket.bucket, acl: 'private' },
      parent,
    )
    const block = new alicloud.oss.BucketPublicAccessBlock(
      `${name}-public-access-block`,
      { bucket: bucket.bucket, blockPublicAccess: true },
      { ...parent, dependsOn: acl },
    )
    const policy = new alicloud.oss.BucketPolicy(
      `${name}-policy`,
      {
        bucket: bucket.bucket,
        policy: bucket.bucket.apply((bucketName) => policyDocument(denyWithoutTls(bucketName))),
      },
      { ...parent, dependsOn: block },
    )
    const encryption = new alicloud.oss.BucketServerSideEncryption(
      `${name}-encryption`,
      { bucket: bucket.bucket, sseAlgorithm: 'AES256' },
      parent,
    )
    const overwrite = new alicloud.oss.BucketOverwriteConfig(
      `${name}-overwrite`,
      {
        bucket: bucket.bucket,
        // The provider reads an empty list of principals back, so an absent one would differ.
        rules: [{ id: 'forbid-overwrite', action: 'forbid', principals: {} }],
      },
      parent,
    )
    new alicloud.oss.BucketCors(
      `${name}-cors`,
      {
        bucket: bucket.bucket,
        corsRules: [
          {
            allowedOrigins: pulumi.output(args.corsOrigins).apply(distinctOrigins),
            allowedHeaders: ['*'],
            maxAgeSeconds: 600,
            ...(args.uploadsInParts ? PARTS : FORMS),
          },
        ],
        responseVary: true,
      },
      parent,
    )
    const contents = new BucketContents(
      `${name}-contents`,
      { bucket: bucket.bucket, region: args.region },
      { ...parent, dependsOn: acl },
    )

    this.contents = contents
    this.safeguards = [block, policy, encryption, overwrite, contents]
    this.bucketName = bucket.bucket
    this.registerOutputs({ bucketName: this.bucketName })
  }
}

/** What a page that posts forms uses. */
const FORMS = { allowedMethods: ['POST'], exposeHeaders: ['x-oss-request-id'] }
/** What one that uploads in parts, too, uses. */
const PARTS = {
  allowedMethods: ['POST', 'PUT', 'GET', 'DELETE'],
  exposeHeaders: ['ETag', 'x-oss-request-id', 'x-oss-hash-crc64ecma'],
}

function lifecycleRules(args: UploadBucketArgs) {
  const abortDays = args.abortMultipartDays ?? (args.uploadsInParts ? 7 : 3)
  return pulumi
    .all([abortDays, args.objectExpiryDays, args.expiryPrefix ?? ''])
    .apply(([days, expiryDays, prefix]) => [
      {
        id: 'abort-unfinished-uploads',
        enabled: true,
        prefix: '',
        abortMultipartUploads: [{ days }],
      },
      ...(expiryDays === undefined
        ? []
        : [{ id: 'expire-objects', enabled: true, prefix, expirations: [{ days: expiryDays }] }]),
    ])
}

/** `*` makes every other origin needless. */
function distinctOrigins(origins: string[]): string[] {
  return origins.includes('*') ? ['*'] : [...new Set(origins)]
}
