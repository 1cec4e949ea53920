import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where to take the app from and where to keep what was packed. */
export interface Checkout {
  /** Folder with `app`, `package.json`, `package-lock.json` and `node_modules`. */
  root: string
  /** Folder that packed files are kept in; made when it is not there. */
  cache: string
}

/** The checkout that this file is part of. */
export function ownCheckout(): Checkout {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  return { root, cache: join(root, 'node_modules/.cache/oss-direct-upload') }
}
