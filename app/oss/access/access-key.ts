import { OssError } from '../errors/oss-error.ts'
import type { RamPolicy } from './ram-policy.ts'

/** An access key that may sign requests. */
export interface AccessKey {
  accessKeyId: string
  accessKeySecret: string
  /** Of temporary credentials. The request must carry the same token. @default none */
  securityToken?: string
  /** When temporary credentials expire. @default never */
  expiration?: Date
  /** Id of the user or account, as a bucket policy names it. @default the key's id */
  principalId?: string
  /** All policies of a RAM user. @default the key of the account, which may do everything */
  policies?: readonly RamPolicy[]
}

/** Access keys: a list, or a function that finds a key by its id. */
export type AccessKeys = readonly AccessKey[] | ((id: string) => AccessKey | undefined)

/**
 * Finds an access key.
 *
 * @throws OssError when the key does not exist, or its token does not match or has expired
 */
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
