import express from 'express'
import { SIGNATURE_PATH } from './sample.ts'
import { listen, type Signer } from './signer.ts'

/** Express 5 with one route that returns a constant. */
export const signer: Signer = {
  path: SIGNATURE_PATH,
  serve(body) {
    const constant: unknown = JSON.parse(body)
    const app = express()
    app.disable('etag')
    app.get('/signature', (_request, response) => {
      response.json(constant)
    })
    return listen(app)
  },
}
