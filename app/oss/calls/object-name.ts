import { OssError } from '../errors/oss-error.ts'

const MAX_KEY_BYTES = 1023

/**
 * Checks an object key. Source: "PutObject", Alibaba Cloud OSS documentation.
 *
 * @throws OssError InvalidObjectName
 */
export function checkObjectName(key: string): void {
  if (!/^[/\\]/.test(key) && Buffer.byteLength(key) <= MAX_KEY_BYTES) return
  throw new OssError('invalidObjectName', { details: { ObjectName: key } })
}
