/** A statement of a RAM policy or of a bucket policy. */
export interface PolicyStatement {
  Effect: 'Allow' | 'Deny'
  Action: string[]
  Resource: string[]
  /** Of bucket policies. */
  Principal?: string[]
  Condition?: Record<string, Record<string, string[]>>
}

/** The text of a policy ("Policy structure and syntax", RAM documentation). */
export function policyDocument(...statements: PolicyStatement[]): string {
  return JSON.stringify({ Version: '1', Statement: statements })
}

/**
 * Allows to store objects whose keys start with `dir`, and nothing else.
 *
 * @param inParts Whether to list and give up their parts, too: beginning an upload in parts, sending
 *   one and completing it are PutObject to RAM ("RAM policy", OSS documentation). @default false
 */
export function putObjects(bucket: string, dir: string, inParts = false): PolicyStatement {
  return {
    Effect: 'Allow',
    Action: ['oss:PutObject', ...(inParts ? ['oss:AbortMultipartUpload', 'oss:ListParts'] : [])],
    Resource: [`acs:oss:*:*:${bucket}/${dir}*`],
  }
}

/** Allows to read the objects of a bucket, not to list them. */
export function getObjects(bucket: string): PolicyStatement {
  return { Effect: 'Allow', Action: ['oss:GetObject'], Resource: [`acs:oss:*:*:${bucket}/*`] }
}

/**
 * Denies everyone, the owner too, to reach a bucket without TLS ("Bucket policy", OSS
 * documentation). It grants nothing, so that it is no public policy.
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

/** Trust policy of a role for ECS instances. */
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
