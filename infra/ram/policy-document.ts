/** A statement of a RAM policy or of a bucket policy. */
export interface PolicyStatement {
  Effect: 'Allow' | 'Deny'
  Action: string[]
  Resource: string[]
  /** Of bucket policies. */
  Principal?: string[]
  Condition?: Record<string, Record<string, string[]>>
}

/** Returns the text of a policy. Source: "Policy structure and syntax", RAM documentation. */
export function policyDocument(...statements: PolicyStatement[]): string {
  return JSON.stringify({ Version: '1', Statement: statements })
}

/** What may be done under a prefix, besides storing objects. */
export interface UploadActions {
  /**
   * Whether to allow listing and aborting multipart uploads. Starting and completing one and sending
   * its parts need only PutObject ("RAM policy", OSS documentation). @default false
   */
  uploadsInParts?: boolean
  /** Whether to allow reading objects, as a HEAD request does. @default false */
  checksUploads?: boolean
}

/** Allows storing objects whose keys start with `dir`, and nothing else. */
export function putObjects(
  bucket: string,
  dir: string,
  { uploadsInParts = false, checksUploads = false }: UploadActions = {},
): PolicyStatement {
  return {
    Effect: 'Allow',
    Action: [
      'oss:PutObject',
      ...(uploadsInParts ? ['oss:AbortMultipartUpload', 'oss:ListParts'] : []),
      ...(checksUploads ? ['oss:GetObject'] : []),
    ],
    Resource: [`acs:oss:*:*:${bucket}/${dir}*`],
  }
}

/** Allows reading the objects of a bucket, but not listing them. */
export function getObjects(bucket: string): PolicyStatement {
  return { Effect: 'Allow', Action: ['oss:GetObject'], Resource: [`acs:oss:*:*:${bucket}/*`] }
}

/**
 * Denies every access to a bucket without TLS, even to the owner. It grants nothing, so OSS does not
 * count it as a public policy. Source: "Bucket policy", OSS documentation.
 */
export function denyWithoutTls(bucket: string): PolicyStatement {
  return {
    Effect: 'Deny',
    Action: ['oss:*'],
    Principal: ['*'],
    Resource: [`acs:oss:*:*:${bucket}`, `acs:oss:*:*:${bucket}/*`],
    Condition: { Bool: { 'acs:SecureTransport': ['false'] } },
  }
}

/** Returns the trust policy of a role for ECS instances. */
export function trustEcs(): string {
  return JSON.stringify({
    Version: '1',
    Statement: [
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { Service: ['ecs.aliyuncs.com'] },
      },
    ],
  })
}
