import { getAccount } from '@pulumi/alicloud'
import { getProject, getStack } from '@pulumi/pulumi'
import type { StackConfig } from '../config/stack-config.ts'
import { queryCloud } from '../pulumi/query.ts'
import { bucketName } from '../pulumi/resource-names.ts'

/** Names of the stack's buckets. */
export interface BucketNames {
  uploads: string
  release: string
}

/**
 * Asks whose account it is and names the buckets after it; `config.bucketName` is the upload
 * bucket's in any case.
 *
 * @throws pulumi.RunError when the cloud does not say
 */
export async function bucketNames(
  config: Pick<StackConfig, 'region' | 'bucketName'>,
): Promise<BucketNames> {
  const { id: accountId } = await queryCloud('whose account it is', getAccount())
  const owner = { accountId, region: config.region, project: getProject(), stack: getStack() }
  return {
    uploads: config.bucketName ?? bucketName({ ...owner, role: 'uploads' }),
    release: bucketName({ ...owner, role: 'release' }),
  }
}
