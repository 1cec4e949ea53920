import { fileURLToPath } from 'node:url'

/** Replaces `app/client/build/build.ts` in the bundle: returns the page that was built with it. */
export async function buildClient(): Promise<string> {
  return fileURLToPath(new URL('./client', import.meta.url))
}
