import OSS from 'ali-oss'
import type { RequestHandler } from 'express'
import { createApp } from '../../../app/server/create-app.ts'
import { createLogger } from '../../../app/server/http/logger.ts'
import { SIGNATURE_PATH, SIGNING } from './sample.ts'
import { listen, type Signer } from './signer.ts'

/**
 * The official SDK behind this project's middleware, used as in the official Node sample: a client
 * for each request, a V1 form for any key. Its lookup of the bucket's region is left out because it
 * needs the network.
 */
export const signer: Signer = {
  path: SIGNATURE_PATH,
  serve() {
    const { bucket, region, dir = '', uploadHost: host, credentials } = SIGNING
    if (typeof credentials === 'function') throw new Error('The SDK needs a long-term key')
    const handler: RequestHandler = (_request, response) => {
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
    }
    const app = createApp({ signing: SIGNING, signaturesPerMinute: 1e9, log: createLogger() })
    const route = app.router.stack.find((layer) => layer.route?.path === '/signature')?.route
    if (route?.stack[0] === undefined) throw new Error('The application has no route to replace')
    route.stack[0].handle = handler
    return listen(app)
  },
}
