import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import { NAME_LIMITS, stackName } from '../pulumi/resource-names.ts'
import { getObjects, policyDocument, putObjects, trustEcs } from './policy-document.ts'

/** What servers may do, whether there is one or many. */
export interface ServerRoleArgs {
  /** Name of the bucket that the release is read from. */
  releaseBucketName: pulumi.Input<string>
  /** Bucket that the role may put objects into, with `uploadDir`. @default none */
  uploadBucketName?: pulumi.Input<string> | undefined
  /** What the keys of these objects must start with. @default '' */
  uploadDir?: pulumi.Input<string>
  /** Whether their parts may be listed and given up there, too. @default false */
  uploadsInParts?: boolean
  /** Whether its certificate is kept beside the release. @default false */
  https?: boolean
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>
}

/** A role that servers have. */
export interface ServerRole {
  roleName: pulumi.Output<string>
  /** What has to be there before a server uses the role. */
  grant: pulumi.Resource
}

/** Makes the role of `name`'s servers, as a part of `parent`. */
export function serverRole(
  name: string,
  args: ServerRoleArgs,
  parent: { parent: pulumi.Resource },
): ServerRole {
  const tags = args.tags === undefined ? {} : { tags: args.tags }
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
            ...(uploads === undefined ? [] : [putObjects(uploads, dir, args.uploadsInParts)]),
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
