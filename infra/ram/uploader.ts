import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import { NAME_LIMITS, stackName } from '../pulumi/resource-names.ts'
import { policyDocument, putObjects } from './policy-document.ts'

export interface UploaderArgs {
  /** Bucket that objects may be put into. */
  bucketName: pulumi.Input<string>
  /** What the keys of these objects must start with; `''` allows every key. */
  uploadDir: pulumi.Input<string>
  /** Whether parts of unfinished uploads may be listed and given up, too. @default false */
  uploadsInParts?: boolean
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>
}

/** A RAM user with an access key that may upload under one prefix, and do nothing else. */
export class Uploader extends pulumi.ComponentResource {
  readonly userName: pulumi.Output<string>
  readonly accessKeyId: pulumi.Output<string>
  /** A Pulumi secret. */
  readonly accessKeySecret: pulumi.Output<string>

  constructor(name: string, args: UploaderArgs, opts?: pulumi.ComponentResourceOptions) {
    super('oss-direct-upload:index:Uploader', name, {}, opts)
    const parent = { parent: this }

    const user = new alicloud.ram.User(
      `${name}-user`,
      {
        name: stackName(name, NAME_LIMITS.ramUser),
        comments: 'Signs uploads from browsers: may put objects, nothing else',
        force: true,
      },
      parent,
    )
    const policy = new alicloud.ram.Policy(
      `${name}-policy`,
      {
        policyName: stackName(name, NAME_LIMITS.ramPolicy),
        description: 'Put objects under the upload directory',
        policyDocument: pulumi
          .all([args.bucketName, args.uploadDir])
          .apply(([bucket, dir]) => policyDocument(putObjects(bucket, dir, args.uploadsInParts))),
        // RAM keeps five versions of a policy and then refuses the next.
        rotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded',
        ...(args.tags === undefined ? {} : { tags: args.tags }),
      },
      parent,
    )
    new alicloud.ram.UserPolicyAttachment(
      `${name}-policy-attachment`,
      { userName: user.name, policyName: policy.policyName, policyType: 'Custom' },
      parent,
    )
    const key = new alicloud.ram.AccessKey(`${name}-key`, { userName: user.name }, parent)

    this.userName = user.name
    this.accessKeyId = key.id
    this.accessKeySecret = pulumi.secret(key.secret)
    this.registerOutputs({
      userName: this.userName,
      accessKeyId: this.accessKeyId,
      accessKeySecret: this.accessKeySecret,
    })
  }
}
