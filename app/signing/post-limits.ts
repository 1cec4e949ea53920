import { BUCKET_NAME_RULE, isBucketName } from './bucket-name.ts'
import type { Credentials } from './credentials.ts'
import type { FormField } from './form-types.ts'
import { isRegion, REGION_RULE } from './region.ts'
import { SigningError } from './signing-error.ts'

/** Limits of PostObject and of signatures, in bytes and seconds (OSS documentation, PostObject). */
export const POST_LIMITS = {
  /** UTF-8 bytes of an object key. */
  keyBytes: 1023,
  /** Bytes of an object uploaded by form. */
  objectBytes: 5 * 1024 ** 3,
  /** Bytes of all fields but `file`, names and values. */
  formBytes: 8 * 1024 ** 2,
  /** Bytes of the base64 callback parameter. */
  callbackBytes: 5 * 1024,
  /** Longest lifetime of a V4 signature: seven days. */
  expirySeconds: 604_800,
} as const

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8')

/** @throws SigningError `InvalidExpiry` unless it is a whole number from 1 to 604800 */
export function checkExpiry(seconds: number): void {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > POST_LIMITS.expirySeconds) {
    throw new SigningError(
      'InvalidExpiry',
      `A signature lives 1 to ${POST_LIMITS.expirySeconds} whole seconds, not ${seconds}`,
    )
  }
}

/** @throws SigningError `InvalidObjectName` for a key that OSS would refuse */
export function checkKey(key: string): void {
  const size = bytes(key)
  if (size < 1 || size > POST_LIMITS.keyBytes) {
    throw new SigningError(
      'InvalidObjectName',
      `An object key is 1 to ${POST_LIMITS.keyBytes} bytes of UTF-8, not ${size}`,
    )
  }
  if (!key.isWellFormed()) {
    throw new SigningError('InvalidObjectName', 'An object key must be well-formed Unicode')
  }
  if (key.startsWith('/') || key.startsWith('\\')) {
    throw new SigningError('InvalidObjectName', 'An object key must not start with "/" or "\\"')
  }
}

/** @throws SigningError `InvalidSize` unless it is a whole number from 0 to 5 GiB */
export function checkSize(size: number): void {
  if (!Number.isInteger(size) || size < 0 || size > POST_LIMITS.objectBytes) {
    throw new SigningError(
      'InvalidSize',
      `A form uploads 0 to ${POST_LIMITS.objectBytes} bytes, not ${size}`,
    )
  }
}

/** @throws SigningError `InvalidBucketName` */
export function checkBucket(bucket: string): void {
  if (!isBucketName(bucket)) {
    throw new SigningError('InvalidBucketName', `bucket ${BUCKET_NAME_RULE}`)
  }
}

/** @throws SigningError `InvalidRegion`, also for a region with the endpoint's `oss-` prefix */
export function checkRegion(region: string): void {
  if (!isRegion(region)) {
    throw new SigningError('InvalidRegion', `region ${REGION_RULE}, not "${region}"`)
  }
}

/** @throws SigningError `InvalidCredentials` when the key's id or secret is empty */
export function checkCredentials({ accessKeyId, accessKeySecret }: Credentials): void {
  if (!accessKeyId || !accessKeySecret) {
    throw new SigningError('InvalidCredentials', 'Both access key id and secret are needed to sign')
  }
}

/**
 * Checks every field before `file`. Line breaks in a value do not survive a form: browsers send each
 * as CR LF, and then the policy no longer matches.
 *
 * @throws SigningError `InvalidField` for a value with a line break or a NUL, `FormTooLarge` when all
 *   fields together exceed 8 MiB (EC 0006-00000112)
 */
export function checkFields(fields: readonly FormField[]): void {
  let size = 0
  let largest = { name: '', size: 0 }
  for (const [name, value] of fields) {
    if (/[\0\r\n]/.test(value)) {
      throw new SigningError(
        'InvalidField',
        `The form field "${name}" must not contain line breaks or NUL characters`,
      )
    }
    const fieldSize = bytes(name) + bytes(value)
    size += fieldSize
    if (fieldSize > largest.size) largest = { name, size: fieldSize }
  }
  if (size > POST_LIMITS.formBytes) {
    throw new SigningError(
      'FormTooLarge',
      `The form's fields before the file take ${size} bytes; at most ${POST_LIMITS.formBytes} are allowed. The largest is "${largest.name}" with ${largest.size}`,
    )
  }
}

/** @throws SigningError `InvalidCallback` for a parameter over 5 KiB or not base64 of a JSON object */
export function checkCallback(callback: string): void {
  if (bytes(callback) > POST_LIMITS.callbackBytes) {
    throw new SigningError(
      'InvalidCallback',
      `The callback parameter takes ${bytes(callback)} bytes; at most ${POST_LIMITS.callbackBytes} are allowed`,
    )
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(callback, 'base64').toString('utf8'))
  } catch {
    parsed = undefined
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new SigningError(
      'InvalidCallback',
      'The callback parameter must be base64 of a JSON object',
    )
  }
}
