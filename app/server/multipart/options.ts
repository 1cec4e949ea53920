import { DEFAULTS } from '@oss-direct-upload/contract'
import { MULTIPART_LIMITS, POST_LIMITS } from '@oss-direct-upload/signing'

/** Uploads of large files in parts. */
export interface MultipartOptions {
  /** Bytes from which on a page uploads a file in parts, at most 5 GiB. @default 100 MiB */
  threshold?: number
  /** Bytes of the largest file. @default the signing option `maxSize`, else 100 GiB */
  maxSize?: number
  /**
   * Bytes of a part, 100 KiB to 5 GiB; larger, and the same for every file, if `maxSize` would need
   * more than 10,000.
   *
   * @default 8 MiB
   */
  partSize?: number
  /**
   * Seconds in which an upload can be continued. The bucket's lifecycle should not remove incomplete
   * uploads earlier.
   *
   * @default 604800, seven days
   */
  lifetimeSeconds?: number
}

const OPTION_DEFAULTS = {
  threshold: DEFAULTS.multipartThreshold,
  maxSize: DEFAULTS.multipartMaxSize,
  partSize: DEFAULTS.partSize,
  lifetimeSeconds: 7 * 86_400,
}

/**
 * Applies the defaults.
 *
 * @param maxSize The signing option, if set
 * @throws TypeError for a value outside OSS's limits
 */
export function multipartOptions(
  given: MultipartOptions,
  maxSize: number | undefined,
): Required<MultipartOptions> {
  const options = { ...OPTION_DEFAULTS, ...(maxSize !== undefined && { maxSize }), ...given }
  const { smallestPart, largestPart, objectBytes } = MULTIPART_LIMITS
  check('threshold', options.threshold, 1, POST_LIMITS.objectBytes)
  check('maxSize', options.maxSize, 0, objectBytes)
  check('partSize', options.partSize, smallestPart, largestPart)
  check('lifetimeSeconds', options.lifetimeSeconds, 1, Number.MAX_SAFE_INTEGER)
  return options
}

function check(name: keyof MultipartOptions, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return
  throw new TypeError(`multipart.${name} must be a whole number from ${min} to ${max}`)
}
