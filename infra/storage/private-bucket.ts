import * as alicloud from '@pulumi/alicloud'
import type * as pulumi from '@pulumi/pulumi'
import { type TaggedArgs, tagsOf } from '../pulumi/tags.ts'
import { denyWithoutTls, policyDocument } from '../ram/policy-document.ts'

export interface PrivateBucketArgs extends TaggedArgs {
  /** 3 to 63 of a-z, 0-9 and `-`; unique among all buckets of Alibaba Cloud. */
  bucketName: pulumi.Input<string>
  /** @default none */
  lifecycleRules?: alicloud.oss.BucketArgs['lifecycleRules']
  /**
   * Properties of the bucket that resources of their own set. A refresh reads them into the bucket,
   * and the next update would remove them. @default the policy
   */
  setElsewhere?: string[]
}

/** The resources of a private bucket. */
export interface PrivateBucket {
  bucket: alicloud.oss.Bucket
  acl: alicloud.oss.BucketAcl
  publicAccessBlock: alicloud.oss.BucketPublicAccessBlock
  policy: alicloud.oss.BucketPolicy
}

/**
 * Creates a bucket without public access that answers over TLS only, as a part of `parent`. It is
 * deleted with everything in it.
 */
export function privateBucket(
  name: string,
  args: PrivateBucketArgs,
  parent: { parent: pulumi.Resource },
): PrivateBucket {
  const bucket = new alicloud.oss.Bucket(
    `${name}-bucket`,
    {
      bucket: args.bucketName,
      forceDestroy: true,
      ...(args.lifecycleRules === undefined ? {} : { lifecycleRules: args.lifecycleRules }),
      ...tagsOf(args),
    },
    { ...parent, ignoreChanges: args.setElsewhere ?? ['policy'] },
  )
  const acl = new alicloud.oss.BucketAcl(
    `${name}-acl`,
    { bucket: bucket.bucket, acl: 'private' },
    parent,
  )
  const publicAccessBlock = new alicloud.oss.BucketPublicAccessBlock(
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
    { ...parent, dependsOn: publicAccessBlock },
  )
  return { bucket, acl, publicAccessBlock, policy }
}
