import { createLogger } from '../../../app/server/http/logger.ts'
import { startServer } from '../../../app/server/start-server.ts'
import { SIGNATURE_PATH, SIGNING } from './sample.ts'
import type { Signer } from './signer.ts'

/** This project's server as `npm run server` starts it, without an effective rate limit. */
export const signer: Signer = {
  path: SIGNATURE_PATH,
  async serve() {
    const { port } = await startServer({
      signing: SIGNING,
      signaturesPerMinute: 1e9,
      log: createLogger(),
      host: '127.0.0.1',
      port: 0,
    })
    return port
  },
}
