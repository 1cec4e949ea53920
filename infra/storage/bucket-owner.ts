import { BucketClient, BucketError } from '@oss-direct-upload/bucket-client'
import * as pulumi from '@pulumi/pulumi'
import { stackCredentials } from '../identity/stack-credentials.ts'

/**
 * Checks before anything is created that a bucket name does not belong to another account. Other failures
 * are ignored: what creates the bucket reports them.
 *
 * @throws pulumi.RunError that says which setting to change
 */
export async function checkBucketOwner(bucket: string, region: string): Promise<void> {
  const credentials = await stackCredentials()
  if (credentials === undefined) return
  const client = new BucketClient({ bucket, region, credentials: () => credentials })
  try {
    await client.send({ method: 'GET', query: { bucketInfo: '' }, retry: false })
  } catch (error) {
    if (!(error instanceof BucketError) || !belongsToOthers(error)) return
    throw new pulumi.RunError(
      `The bucket name ${bucket} belongs to another account: set bucketName to another name, or leave it out.`,
    )
  }
}

/** Source: EC 0003-00000001 and `BucketNotBelongTo`, "403 errors", OSS documentation. */
function belongsToOthers({ code, message }: BucketError): boolean {
  return (
    code === 'BucketNotBelongTo' ||
    (code === 'AccessDenied' && /bucket acl|does not belong to you/.test(message))
  )
}
