import { startEmbeddedOss } from '../../../app/oss/index.ts'
import { KEY, REGION } from '../stores/oss-form.ts'
import { BUCKET } from '../stores/store.ts'
import type { Signer } from './signer.ts'

/** Not a signer, but run like one to measure its usage. */
export const signer: Signer = {
  path: '/',
  /** @param dir Folder of its buckets */
  async serve(dir) {
    const buckets = [{ name: BUCKET }]
    const options = { dir, region: REGION, keys: [KEY], buckets, bucketOfAddress: BUCKET }
    const oss = await startEmbeddedOss(options)
    return oss.port
  },
}
