import { OssError } from '../errors/oss-error.ts'
import type { Address, Target } from '../http/address.ts'
import type { AccessKey, AccessKeys } from './access-key.ts'
import { authenticate } from './request-signature.ts'
import type { SignedRequest } from './signed-request.ts'

/** What a request is for, and by whom. */
export interface Identity {
  target: Target
  /** Absent for an anonymous request. */
  caller?: AccessKey
}

/**
 * Finds the reading of an address that is meant: the one under which the signature verifies. Without a
 * signature, it is the first one whose bucket exists.
 *
 * @param region Of the service, without the `oss-` prefix
 * @throws OssError; SignatureDoesNotMatch lists all readings
 */
export function identify(
  request: Omit<SignedRequest, 'bucket' | 'key' | 'query'>,
  { targets, query }: Address,
  keys: AccessKeys,
  region: string,
  now: Date,
  bucketExists: (bucket: string) => boolean,
): Identity {
  let mismatch: OssError | undefined
  for (const target of targets) {
    const { bucket, key } = target
    const signed = { ...request, query, ...(bucket === '' ? {} : { bucket, key }) }
    try {
      const caller = authenticate(signed, keys, region, now)
      return caller ? { target, caller } : { target: firstExisting(targets, bucketExists) }
    } catch (error) {
      if (!(error instanceof OssError) || error.code !== 'SignatureDoesNotMatch') throw error
      mismatch ??= error
    }
  }
  throw targets.length === 1 || !mismatch ? mismatch : withReadings(mismatch, targets)
}

/** Returns the first target whose bucket exists, or else the first one. */
export function firstExisting(
  targets: Address['targets'],
  bucketExists: (bucket: string) => boolean,
): Target {
  return targets.find(({ bucket }) => bucketExists(bucket)) ?? targets[0]
}

/** Returns an error that lists all readings of the address. */
export function withReadings(error: OssError, targets: Address['targets']): OssError {
  const readings = targets.map(({ bucket, key }) =>
    bucket === '' ? 'the service' : `bucket "${bucket}", key "${key}"`,
  )
  return error.with({ AddressReadings: readings.join('; ') })
}
