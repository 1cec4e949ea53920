import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import packageJson from '../../package.json' with { type: 'json' }

/** The repository's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The package.json of a part, as far as packing reads it. */
export interface Manifest {
  name: string
  description: string
  license: string
  exports?: string | Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional: boolean }>
  /** Present if the part is published; its entries are added to the published package.json. */
  publishConfig?: { bin?: Record<string, string> } & Record<string, unknown>
}

/** A workspace that packages are made of. */
export interface Part {
  /** Relative to the root, with slashes. */
  folder: string
  manifest: Manifest
}

/** Every part of `app` and `infra`. */
export const PARTS: readonly Part[] = packageJson.workspaces
  .filter((folder) => /^(app|infra)\b/.test(folder))
  .map((folder) => ({
    folder,
    manifest: JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')),
  }))

/** Returns whether a part is a package on npm. The others are copied into those that use them. */
export function isPublished({ manifest }: Part): boolean {
  return manifest.publishConfig !== undefined
}

/** Returns the part that a file belongs to. @param path Relative to the root */
export function partOfFile(path: string): Part | undefined {
  return PARTS.filter(({ folder }) => path.startsWith(`${folder}/`)).toSorted(
    (a, b) => b.folder.length - a.folder.length,
  )[0]
}

/** Returns the exports of a part: subpath such as `.` and source file such as `./index.ts`. */
export function exportsOf({ manifest: { exports = {} } }: Part): Record<string, string> {
  return typeof exports === 'string' ? { '.': exports } : exports
}

/**
 * Returns the part and the source file that an import of one of our packages leads to.
 *
 * @returns undefined for packages of others
 * @throws Error when the part has no such export
 */
export function resolveOwn(specifier: string): { part: Part; file: string } | undefined {
  const part = PARTS.find(
    ({ manifest: { name } }) => specifier === name || specifier.startsWith(`${name}/`),
  )
  if (part === undefined) return undefined
  const subpath = `.${specifier.slice(part.manifest.name.length)}`
  const exports = exportsOf(part)
  const pattern = exports['./*']
  const target = exports[subpath] ?? pattern?.replace('*', subpath.slice(2))
  if (target === undefined) throw new Error(`${part.manifest.name} does not export ${subpath}`)
  return { part, file: join(part.folder, target) }
}
