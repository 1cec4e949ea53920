import { fileURLToPath } from 'node:url'

/** In a packed server, where nothing can be built, stands for `app/client/build/build.ts`. */
export async function buildClient(): Promise<string> {
  return fileURLToPath(new URL('./client', import.meta.url))
}
