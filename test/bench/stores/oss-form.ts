import { signPostForm } from '../../../app/signing/index.ts'
import { BUCKET } from './store.ts'

/** Access key of the embedded OSS. */
export const KEY = { accessKeyId: 'LTAI5tBench', accessKeySecret: 'secret-of-the-benchmark' }

/** Region of the embedded OSS. */
export const REGION = 'ap-southeast-1'

/** Returns the fields of an exact V4 form for one object. */
export function ossForm(key: string, size: number, forbidOverwrite = true): [string, string][] {
  const target = { key, size, contentType: 'application/octet-stream', forbidOverwrite }
  return signPostForm({
    credentials: KEY,
    region: REGION,
    bucket: BUCKET,
    now: new Date(),
    expiresInSeconds: 3600,
    target,
  }).fields
}
