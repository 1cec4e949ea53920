import type { CorsRule } from '../http/cors.ts'

export type BucketAcl = 'private' | 'public-read' | 'public-read-write'

/** What is set for a bucket, beside its objects. */
export interface BucketSettings {
  name: string
  /** Without the `oss-` prefix. */
  region: string
  /** ISO 8601. */
  created: string
  acl: BucketAcl
  storageClass: string
  dataRedundancyType: string
  blockPublicAccess: boolean
  cors?: { rules: CorsRule[]; responseVary: boolean }
  /** The bucket policy as it was put, JSON. */
  policy?: string
  /** Documents that are only kept and given back, by the name of their query. */
  documents: Record<string, string>
}
