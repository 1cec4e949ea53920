import type { CorsRule } from '../http/cors.ts'

export type BucketAcl = 'private' | 'public-read' | 'public-read-write'

/** Objects that may not be overwritten: those that have both prefix and suffix. */
export interface OverwriteRule {
  id: string
  prefix: string
  suffix: string
  /** Whom it binds; everyone when there are none. */
  principals: string[]
}

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
  /** What may not be overwritten. */
  overwriteRules?: OverwriteRule[]
  /** Documents that are only kept and given back, by the name of their query. */
  documents: Record<string, string>
}
