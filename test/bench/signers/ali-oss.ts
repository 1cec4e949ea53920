import OSS from 'ali-oss'
import { aroundHandler } from './around.ts'
import { SIGNATURE_PATH, SIGNING } from './sample.ts'
import { listen, type Signer } from './signer.ts'

/**
 * The official SDK behind this project's middleware, used as the official Node sample uses it: a
 * client for each request, a V1 form for any key. Its call for the bucket's region is left out, as
 * it would go to the network.
 */
export const signer: Signer = {
  path: SIGNATURE_PATH,
  serve() {
    const { bucket, region, dir = '', uploadHost: host, credentials } = SIGNING
    if (typeof credentials === 'function') throw new Error('The SDK needs a lasting key')
    return listen(
      aroundHandler((_request, response) => {
        const client = new OSS({ ...credentials, bucket, region: `oss-${region}` })
        const expiration = new Date(Date.now() + 86_400_000)
        const form = client.calculatePostSignature({
          expiration: expiration.toISOString(),
          conditions: [['content-length-range', 0, 1_048_576_000], { bucket }],
        })
        response.json({
          expire: Math.floor(expiration.getTime() / 1000).toString(),
          policy: form.policy,
          signature: form.Signature,
          accessid: form.OSSAccessKeyId,
          host,
          dir,
        })
      }),
    )
  },
}
