import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import { pino } from 'pino'
import { pinoHttp } from 'pino-http'
import { SIGNATURE_PATH } from './sample.ts'
import { constantApp, listen, type Signer } from './signer.ts'

/** Express 5 with helmet, pino-http and express-rate-limit in their default settings, and a constant. */
export const signer: Signer = {
  path: SIGNATURE_PATH,
  serve(body) {
    const limit = rateLimit({ windowMs: 60_000, limit: 1e9, standardHeaders: 'draft-8' })
    return listen(constantApp(body, helmet(), pinoHttp({ logger: pino() }), limit))
  },
}
