import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import { NAME_LIMITS, stackName } from '../pulumi/resource-names.ts'
import { type TaggedArgs, tagsOf } from '../pulumi/tags.ts'
import { policyDocument, putObjects, type UploadActions } from './policy-document.ts'
import { settledUserName } from './settled-user.ts'

export interface UploaderArgs extends TaggedArgs, UploadActions {
  /** Bucket where the user may put objects. */
  bucketName: pulumi.Input<string>
  /** Prefix of these objects' keys; `''` allows every key. */
  uploadDir: pulumi.Input<string>
}

/** A RAM user with an access key that can do nothing but upload under one prefix. */
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
          .apply(([bucket, dir]) => policyDocument(putObjects(bucket, dir, args))),
        // RAM stores five versions of a policy and refuses the sixth.
        rotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded',
        ...tagsOf(args),
      },
      parent,
    )
    const userName = settledUserName(user)
    new alicloud.ram.UserPolicyAttachment(
      `${name}-policy-attachment`,
      { userName, policyName: policy.policyName, policyType: 'Custom' },
      parent,
    )
    const key = new alicloud.ram.AccessKey(`${name}-key`, { userName }, parent)

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
