import { getAccount } from '@pulumi/alicloud'
import { getProject, getStack } from '@pulumi/pulumi'
import type { StackConfig } from '../config/stack-config.ts'
import { queryCloud } from '../pulumi/query.ts'
import { bucketName } from '../pulumi/resource-names.ts'
import { checkBucketOwner } from './bucket-owner.ts'

/** Names of the stack's buckets. */
export interface BucketNames {
  uploads: string
  release: string
}

/**
 * Returns names that contain a hash of the account; `config.bucketName` overrides the one of the
 * upload bucket.
 *
 * @throws pulumi.RunError when the cloud does not say whose account it is, or `config.bucketName` belongs
 *   to another account
 */
export async function bucketNames(
  config: Pick<StackConfig, 'region' | 'bucketName'>,
): Promise<BucketNames> {
  const [{ id: accountId }] = await Promise.all([
    queryCloud('whose account it is', getAccount()),
    config.bucketName === undefined
      ? undefined
      : checkBucketOwner(config.bucketName, config.region),
  ])
  const owner = { accountId, region: config.region, project: getProject(), stack: getStack() }
  return {
    uploads: config.bucketName ?? bucketName({ ...owner, role: 'uploads' }),
    release: bucketName({ ...owner, role: 'release' }),
  }
}
