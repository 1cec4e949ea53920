/**
 * Stacks deployed by earlier versions import this path when they are destroyed: the state of a
 * `BucketContents` names it until the next `pulumi up`.
 */
export { emptyBucket } from '../storage/emptying/empty-bucket.ts'
