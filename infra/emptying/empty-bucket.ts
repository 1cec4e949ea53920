import type { Credentials } from '@oss-direct-upload/signing'
import { emptyBucket as empty } from '../storage/emptying/empty-bucket.ts'

/*
 * Stacks deployed by earlier versions import this folder when they are destroyed: the state of a
 * `BucketContents` names it until the next `pulumi up`.
 */

interface EarlierOptions {
  bucket: string
  region: string
  credentials: Credentials
}

/** Deletes the contents of a bucket. */
export async function emptyBucket(
  { credentials, ...options }: EarlierOptions,
  report: (line: string) => void,
): Promise<void> {
  await empty({ ...options, credentials: () => credentials }, report)
}
