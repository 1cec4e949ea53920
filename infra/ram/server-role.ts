import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import { NAME_LIMITS, stackName } from '../pulumi/resource-names.ts'
import { type TaggedArgs, tagsOf } from '../pulumi/tags.ts'
import {
  getObjects,
  policyDocument,
  putObjects,
  trustEcs,
  type UploadActions,
} from './policy-document.ts'

/** What servers may do without an access key. */
export interface UploadRights extends UploadActions {
  /** Bucket where the role may put objects. @default none */
  uploadBucketName?: pulumi.Input<string> | undefined
  /** Prefix of these objects' keys. @default '' */
  uploadDir?: pulumi.Input<string>
}

/** What every server may do, in a fleet or alone. */
export interface ServerRoleArgs extends UploadRights, TaggedArgs {
  /** Bucket of the release. */
  releaseBucketName: pulumi.Input<string>
  /** Whether the role may store the certificate under `acme/` in the release's bucket. @default false */
  https?: boolean
}

/** The role of servers. */
export interface ServerRole {
  roleName: pulumi.Output<string>
  /** Has to exist before a server uses the role. */
  grant: pulumi.Resource
}

/** Creates the role of `name`'s servers, as a part of `parent`. */
export function serverRole(
  name: string,
  args: ServerRoleArgs,
  parent: { parent: pulumi.Resource },
): ServerRole {
  const tags = tagsOf(args)
  const role = new alicloud.ram.Role(
    `${name}-role`,
    {
      roleName: stackName(name, NAME_LIMITS.ramRole),
      description: 'Of the application server: reads its release',
      assumeRolePolicyDocument: trustEcs(),
      ...tags,
    },
    parent,
  )
  const policy = new alicloud.ram.Policy(
    `${name}-policy`,
    {
      policyName: stackName(name, NAME_LIMITS.ramPolicy),
      description: 'Read the release that the server runs',
      policyDocument: pulumi
        .all([args.releaseBucketName, args.uploadBucketName, args.uploadDir ?? ''])
        .apply(([releases, uploads, dir]) =>
          policyDocument(
            getObjects(releases),
            ...(args.https ? [putObjects(releases, 'acme/')] : []),
            ...(uploads === undefined ? [] : [putObjects(uploads, dir, args)]),
          ),
        ),
      rotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded',
      ...tags,
    },
    parent,
  )
  const grant = new alicloud.ram.RolePolicyAttachment(
    `${name}-policy-attachment`,
    { roleName: role.roleName, policyName: policy.policyName, policyType: 'Custom' },
    parent,
  )
  return { roleName: role.roleName, grant }
}
