import { replyJson } from '../../../app/server/http/json-response.ts'
import { aroundHandler } from './around.ts'
import { SIGNATURE_PATH } from './sample.ts'
import { listen, type Signer } from './signer.ts'

/** Everything that this project's server does for a signature, but for signing. */
export const signer: Signer = {
  path: SIGNATURE_PATH,
  serve(body) {
    const constant: unknown = JSON.parse(body)
    return listen(aroundHandler((_request, response) => replyJson(response, constant)))
  },
}
