import { startEmbeddedOss } from '../../../app/oss/index.ts'
import { KEY, REGION } from '../stores/oss-form.ts'
import { BUCKET } from '../stores/store.ts'
import type { Signer } from './signer.ts'

/** No signer, but run like one, so that what it uses can be asked for. */
export const signer: Signer = {
  path: '/',
  /** @param dir Folder that it stores in */
  async serve(dir) {
    const buckets = [{ name: BUCKET }]
    const options = { dir, region: REGION, keys: [KEY], buckets, bucketOfAddress: BUCKET }
    const oss = await startEmbeddedOss(options)
    return oss.port
  },
}
