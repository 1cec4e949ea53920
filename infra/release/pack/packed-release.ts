import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Architecture } from '../../placement/architecture.ts'
import type { Checkout } from './checkout.ts'
import { fileDigest } from './file-digest.ts'
import { packAppFolder } from './pack-folder.ts'
import { downloadRuntime, type PinnedRuntime } from './pack-runtime.ts'
import type { PackedFile } from './packed-file.ts'

/*
 * Takes the place of `pack-release.ts` in the npm package, which has neither sources nor a lockfile: it
 * contains the built app and names the Node that goes with it.
 */

/** Returns the packed server and page. */
export async function packOwnApp(): Promise<PackedFile> {
  const path = packageFile('app.tar')
  return { path, sha256: await fileDigest(path) }
}

/** Packs a built app. @throws UserError when the folder has no `server.mjs` */
export function packFolder(folder: string): Promise<PackedFile> {
  return packAppFolder(folder, program().cache)
}

/** Packs Node for an instance. @throws UserError when it cannot be downloaded */
export async function packOwnRuntime(architecture: Architecture): Promise<PackedFile> {
  const text = await readFile(packageFile('runtimes.json'), 'utf8')
  const runtimes = JSON.parse(text) as Record<Architecture, PinnedRuntime>
  return downloadRuntime(runtimes[architecture], program())
}

/** Returns the path of a file in the package's folder `release`. */
function packageFile(name: string): string {
  return fileURLToPath(new URL(`../../../release/${name}`, import.meta.url))
}

function program(): Checkout {
  const root = process.cwd()
  return { root, cache: join(root, 'node_modules/.cache/oss-direct-upload') }
}
