import { OssError } from '../errors/oss-error.ts'
import type { RamPolicy } from './ram-policy.ts'

/** A key that may sign. */
export interface AccessKey {
  accessKeyId: string
  accessKeySecret: string
  /** Present with temporary credentials; the request must then carry the same. */
  securityToken?: string
  /** When temporary credentials end. */
  expiration?: Date
  /** Whose key it is, as a bucket policy names him: a user's or account's id. @default the key's id */
  principalId?: string
  /** Every one of a RAM user's policies. @default the account's own key, which may do all */
  policies?: readonly RamPolicy[]
}

/** Keys as a list, or a function that finds one, for keys that come and go. */
export type AccessKeys = readonly AccessKey[] | ((id: string) => AccessKey | undefined)

/** @throws OssError when there is no such key, or its token does not fit or has expired */
export function findKey(
  keys: AccessKeys,
  id: string,
  token: string | undefined,
  now: Date,
): AccessKey {
  const key =
    typeof keys === 'function' ? keys(id) : keys.find(({ accessKeyId }) => accessKeyId === id)
  if (!key) throw new OssError('invalidAccessKeyId', { details: { OSSAccessKeyId: id } })
  if (key.securityToken !== token) throw new OssError('securityTokenInvalid')
  if (key.expiration && key.expiration <= now) throw new OssError('securityTokenExpired')
  return key
}
