/** What a bucket name must be, to follow the name of a setting in a sentence. */
export const BUCKET_NAME_RULE = 'must be a bucket name: 3 to 63 of a-z, 0-9 and "-"'

/**
 * Returns whether OSS accepts a text as the name of a bucket.
 * Source: "Bucket naming conventions", Alibaba Cloud OSS documentation.
 */
export function isBucketName(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(text)
}
