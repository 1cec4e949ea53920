import type { Call } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { Bucket } from '../store/object-store.ts'
import { xml } from '../xml/parse-xml.ts'
import { evaluatePolicies, parseRamPolicy, type RamPolicy } from './ram-policy.ts'

const READS = ['oss:GetObject']
const WRITES = ['oss:PutObject', 'oss:DeleteObject', 'oss:AbortMultipartUpload', 'oss:ListParts']
const LISTS = ['oss:ListObjects', 'oss:ListMultipartUploads']
const OF_POLICY = ['oss:PutBucketPolicy', 'oss:GetBucketPolicy', 'oss:DeleteBucketPolicy']

/**
 * Lets a call pass or refuses it: a deny by RAM or by the bucket's policy wins, then an allow by
 * either, then the ACL for callers without a key.
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
  // Whom no policy may deny anything needs none that allows it.
  if (isOwner && (bucket?.settings.policy === undefined || OF_POLICY.includes(action))) return
  const name = bucket?.settings.name ?? (call.bucketName || '*')
  const resource = `acs:oss:${service.region}:${service.accountId}:${name}${key === '' ? '' : `/${key}`}`
  const request = { action, resource, context: context(call) }
  const own = isOwner ? 'allow' : evaluatePolicies(caller?.policies ?? [], request)
  const principal = caller?.principalId ?? caller?.accessKeyId
  const ofBucket = evaluatePolicies(bucketPolicies(bucket), request, principal)
  if (own === 'deny' || ofBucket === 'deny') throw refusal('accessDeniedByPolicy', call, action)
  if (own === 'allow') return
  const isPublic = bucket?.settings.blockPublicAccess === false
  if (ofBucket === 'allow' && (caller || isPublic)) return
  if (isPublic && (await isAllowedByAcl(bucket, key, action))) return
  if (caller) throw refusal('accessDeniedByRam', call, action)
  throw new OssError(key === '' ? 'anonymousBucketCall' : 'accessDeniedByAcl')
}

function bucketPolicies(bucket: Bucket | undefined): RamPolicy[] {
  const policy = bucket?.settings.policy
  return policy === undefined ? [] : [parseRamPolicy(policy)]
}

async function isAllowedByAcl(bucket: Bucket, key: string, action: string): Promise<boolean> {
  const ofBucket = bucket.settings.acl
  if (LISTS.includes(action)) return ofBucket !== 'private'
  const object = key === '' ? undefined : await bucket.objects.head(key)
  const acl = object === undefined || object.acl === 'default' ? ofBucket : object.acl
  if (READS.includes(action)) return acl !== 'private'
  return WRITES.includes(action) && ofBucket === 'public-read-write'
}

function context(call: Call): Record<string, string> {
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

function refusal(
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
