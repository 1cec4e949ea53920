import { createHash } from 'node:crypto'
import { getProject, getStack } from '@pulumi/pulumi'

/** Longest names of resources in the cloud, in characters. Source: API reference of each service. */
export const NAME_LIMITS = {
  /** VPC, vSwitch, security group, EIP, instance. */
  network: 128,
  ramUser: 64,
  ramRole: 64,
  ramPolicy: 128,
  bucket: 63,
  /** Resources of Auto Scaling. */
  scaling: 64,
} as const

/**
 * Joins parts with `-` to a name that every service accepts: letters, digits and single hyphens,
 * starting with a letter. A name that had to be changed or cut ends in a hash of the parts, so that
 * different parts never give the same name.
 *
 * @param limit Characters, at least 16
 */
export function physicalName(parts: readonly string[], limit: number): string {
  const joined = parts.join('-')
  const clean = joined
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .replace(/^(?=[^A-Za-z]|$)/, 's-')
  if (clean === joined && clean.length <= limit) return clean
  const hash = shortHash(parts)
  return `${clean.slice(0, limit - hash.length - 1).replace(/-+$/, '')}-${hash}`
}

/** Returns `PROJECT-STACK-ROLE`, at most `limit` characters long. */
export function stackName(role: string, limit: number): string {
  return physicalName([getProject(), getStack(), role], limit)
}

export interface BucketNameInput {
  /** Bucket names are unique among all accounts, so a hash of the account is part of them. */
  accountId: string
  region: string
  project: string
  stack: string
  /** What the bucket is for, e.g. `uploads`. */
  role: string
}

/** Returns `project-stack-role-hash`: 3 to 63 of a-z, 0-9 and `-`, always the same for the same input. */
export function bucketName(input: BucketNameInput): string {
  const { accountId, region, project, stack, role } = input
  const hash = shortHash([accountId, region, project, stack, role])
  const clean = [project, stack, role]
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  return `${clean.slice(0, NAME_LIMITS.bucket - hash.length - 1).replace(/-+$/, '')}-${hash}`
}

function shortHash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8)
}
