import { SIGNATURE_PATH } from './sample.ts'
import { constantApp, listen, type Signer } from './signer.ts'

/** Express 5 with one route that returns a constant. */
export const signer: Signer = {
  path: SIGNATURE_PATH,
  serve: (body) => listen(constantApp(body)),
}
