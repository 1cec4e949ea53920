import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the app's sources are and where packed files are cached. */
export interface Checkout {
  /** Folder with `app`, `package.json`, `package-lock.json` and `node_modules`. */
  root: string
  /** Folder of the packed files; created if missing. */
  cache: string
}

/** Returns the checkout that this file is part of. */
export function ownCheckout(): Checkout {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  return { root, cache: join(root, 'node_modules/.cache/oss-direct-upload') }
}
