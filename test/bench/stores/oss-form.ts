import { signPostForm } from '../../../app/signing/index.ts'
import { BUCKET } from './store.ts'

/** The key that the embedded OSS of the benchmarks knows. */
export const KEY = { accessKeyId: 'LTAI5tBench', accessKeySecret: 'secret-of-the-benchmark' }

/** The region that it is in. */
export const REGION = 'ap-southeast-1'

/** Fields of an exact V4 form for one object. */
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
