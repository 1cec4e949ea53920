import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import type { TaggedArgs } from '../pulumi/tags.ts'
import { BucketContents } from './bucket-contents.ts'
import { privateBucket } from './private-bucket.ts'

export interface UploadBucketArgs extends TaggedArgs {
  /** 3 to 63 of a-z, 0-9 and `-`; unique among all buckets of Alibaba Cloud. */
  bucketName: pulumi.Input<string>
  /** Of the provider, e.g. `ap-southeast-1`. */
  region: pulumi.Input<string>
  /** Origins of the pages that upload, e.g. `https://photos.example`. */
  corsOrigins: pulumi.Input<pulumi.Input<string>[]>
  /** Days after which objects under `expiryPrefix` are deleted. @default never */
  objectExpiryDays?: pulumi.Input<number | undefined>
  /** @default '', all objects */
  expiryPrefix?: pulumi.Input<string>
  /** Whether the pages also upload in parts. @default false */
  uploadsInParts?: boolean
  /**
   * Days after which the parts of an unfinished upload are deleted.
   *
   * @default 3; with `uploadsInParts` 7, as long as the server lets an upload resume
   */
  abortMultipartDays?: pulumi.Input<number>
}

/**
 * A private bucket for uploads from browsers: no public access, TLS only, encrypted at rest, and no
 * object is ever overwritten. Pages of the given origins may post forms to it and, if enabled, upload
 * in parts. It is deleted with everything in it.
 */
export class UploadBucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>
  /**
   * Empties the bucket before it is deleted. Its plugin is Node's, and while that starts the engine
   * sends nothing to the cloud: create first what takes long.
   */
  readonly contents: pulumi.Resource
  /**
   * What has to exist as long as anyone can upload: everything but the CORS rule, which takes the
   * longest and only pages depend on.
   */
  readonly safeguards: readonly pulumi.Resource[]

  constructor(name: string, args: UploadBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super('oss-direct-upload:index:UploadBucket', name, {}, opts)
    const parent = { parent: this }
    const { bucket, acl, publicAccessBlock, policy } = privateBucket(
      name,
      {
        bucketName: args.bucketName,
        lifecycleRules: lifecycleRules(args),
        setElsewhere: ['corsRules', 'policy', 'serverSideEncryptionRule'],
        tags: args.tags,
      },
      parent,
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
        // The provider reads an empty list of principals, which an absent one would differ from.
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
            ...(args.uploadsInParts ? MULTIPART_RULE : FORM_RULE),
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
    this.safeguards = [publicAccessBlock, policy, encryption, overwrite, contents]
    this.bucketName = bucket.bucket
    this.registerOutputs({ bucketName: this.bucketName })
  }
}

/** What a page needs that posts forms. */
const FORM_RULE = { allowedMethods: ['POST'], exposeHeaders: ['x-oss-request-id'] }
/** What a page needs that also uploads in parts. */
const MULTIPART_RULE = {
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

/** `*` covers every other origin. */
function distinctOrigins(origins: string[]): string[] {
  return origins.includes('*') ? ['*'] : [...new Set(origins)]
}
