import type { Call } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { Bucket } from '../store/object-store.ts'
import { xml } from '../xml/render-xml.ts'
import { evaluatePolicies, parseRamPolicy, type RamPolicy } from './ram-policy.ts'

const READS = ['oss:GetObject']
const WRITES = ['oss:PutObject', 'oss:DeleteObject', 'oss:AbortMultipartUpload', 'oss:ListParts']
const LISTS = ['oss:ListObjects', 'oss:ListMultipartUploads']
/** Actions that a bucket policy cannot deny to the owner. */
const POLICY_ACTIONS = ['oss:PutBucketPolicy', 'oss:GetBucketPolicy', 'oss:DeleteBucketPolicy']

/**
 * Authorises a call. A deny by a RAM policy or the bucket policy comes first, then an allow by either,
 * then the ACL for callers without a key.
 * Source: "Overview of access control", Alibaba Cloud OSS documentation.
 *
 * @param action E.g. `oss:PutObject`
 * @throws OssError AccessDenied
 */
export async function authorise(
  call: Call,
  action: string,
  bucket: Bucket | undefined,
  key: string,
): Promise<void> {
  const { caller, service } = call
  const isOwner = caller !== undefined && caller.policies === undefined
  if (isOwner && (bucket?.settings.policy === undefined || POLICY_ACTIONS.includes(action))) return
  const name = bucket?.settings.name ?? (call.bucketName || '*')
  const resource = `acs:oss:${service.region}:${service.accountId}:${name}${key === '' ? '' : `/${key}`}`
  const request = { action, resource, context: conditionValues(call) }
  const byRam = isOwner ? 'allow' : evaluatePolicies(caller?.policies ?? [], request)
  const principal = caller?.principalId ?? caller?.accessKeyId
  const byBucket = evaluatePolicies(bucketPolicies(bucket), request, principal)
  if (byRam === 'deny' || byBucket === 'deny')
    throw accessDenied('accessDeniedByPolicy', call, action)
  if (byRam === 'allow') return
  const isPublic = bucket?.settings.blockPublicAccess === false
  if (byBucket === 'allow' && (caller || isPublic)) return
  if (isPublic && (await isAllowedByAcl(bucket, key, action))) return
  if (caller) throw accessDenied('accessDeniedByRam', call, action)
  throw new OssError(key === '' ? 'anonymousBucketCall' : 'accessDeniedByAcl')
}

function bucketPolicies(bucket: Bucket | undefined): RamPolicy[] {
  const policy = bucket?.settings.policy
  return policy === undefined ? [] : [parseRamPolicy(policy)]
}

async function isAllowedByAcl(bucket: Bucket, key: string, action: string): Promise<boolean> {
  const bucketAcl = bucket.settings.acl
  if (LISTS.includes(action)) return bucketAcl !== 'private'
  const object = key === '' ? undefined : await bucket.objects.head(key)
  const acl = object === undefined || object.acl === 'default' ? bucketAcl : object.acl
  if (READS.includes(action)) return acl !== 'private'
  return WRITES.includes(action) && bucketAcl === 'public-read-write'
}

function conditionValues(call: Call): Record<string, string> {
  const { request, connection, query, now, caller } = call
  const values: Record<string, string | undefined> = {
    'acs:CurrentTime': now.toISOString(),
    'acs:SourceIp': connection.clientAddress,
    'acs:SecureTransport': String(connection.secure),
    'acs:UserAgent': request.headers['user-agent'],
    'acs:AccessId': caller?.accessKeyId,
    'oss:Prefix': query.get('prefix'),
    'oss:Delimiter': query.get('delimiter'),
  }
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

function accessDenied(
  kind: 'accessDeniedByPolicy' | 'accessDeniedByRam',
  call: Call,
  action: string,
): OssError {
  return new OssError(kind, {
    details: {
      AccessDeniedDetail: [
        xml('PolicyType', 'AccountLevelIdentityBasedPolicy'),
        xml('AuthPrincipalOwnerId', call.service.accountId),
        xml('AuthPrincipalType', call.caller?.securityToken ? 'AssumedRoleUser' : 'SubUser'),
        xml('NoPermissionType', kind === 'accessDeniedByRam' ? 'ImplicitDeny' : 'ExplicitDeny'),
        xml('AuthAction', action),
      ],
    },
  })
}
