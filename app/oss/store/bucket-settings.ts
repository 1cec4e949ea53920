/** ACL of a bucket. */
export type BucketAcl = 'private' | 'public-read' | 'public-read-write'

/** One rule of a bucket's CORS configuration. */
export interface CorsRule {
  /** `*`, or origins with at most one `*` in each. */
  allowedOrigins: readonly string[]
  allowedMethods: readonly string[]
  /** @default none */
  allowedHeaders?: readonly string[]
  /** @default none */
  exposeHeaders?: readonly string[]
  /** @default not sent */
  maxAgeSeconds?: number
}

/** Forbids overwriting objects whose keys have both the prefix and the suffix. */
export interface OverwriteRule {
  id: string
  prefix: string
  suffix: string
  /** Ids of the callers that the rule binds. An empty list binds everyone. */
  principals: string[]
}

/** Settings of a bucket. */
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
  overwriteRules?: OverwriteRule[]
  /** XML documents that have no effect here, by the name of their query parameter. */
  documents: Record<string, string>
}

/** Returns the settings that OSS gives a new bucket. */
export function newBucketSettings(name: string, region: string, created: Date): BucketSettings {
  return {
    name,
    region,
    created: created.toISOString(),
    acl: 'private',
    storageClass: 'Standard',
    dataRedundancyType: 'LRS',
    blockPublicAccess: true,
    documents: {},
  }
}
