import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UserError } from '../../pulumi/user-error.ts'
import type { Checkout } from './checkout.ts'

const packageLock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      integrity: z.string().optional(),
      dev: z.boolean().optional(),
      devOptional: z.boolean().optional(),
      optional: z.boolean().optional(),
    }),
  ),
})

/** The part of a package-lock.json that is used here. */
export type PackageLock = z.infer<typeof packageLock>

/** Reads package-lock.json. @throws UserError when it is missing or invalid */
export async function readPackageLock(checkout: Checkout): Promise<PackageLock> {
  const lock = await read(join(checkout.root, 'package-lock.json'))
  if (lock === undefined) {
    throw new UserError(
      'package-lock.json is missing or invalid: restore it, for example with "git restore package-lock.json"',
    )
  }
  return lock
}

/**
 * Checks that the installed packages are those of package-lock.json.
 *
 * @throws UserError with the name of the first that is missing or differs
 */
export async function checkInstalled(checkout: Checkout, lock: PackageLock): Promise<void> {
  const installed = await read(join(checkout.root, 'node_modules/.package-lock.json'))
  for (const [path, wanted] of Object.entries(lock.packages)) {
    if (path === '' || wanted.dev || wanted.devOptional || wanted.optional) continue
    const found = installed?.packages[path]
    if (found?.version === wanted.version && found?.integrity === wanted.integrity) continue
    throw new UserError(
      `The app cannot be packed: the package ${path.replace(/^.*node_modules\//, '')} is not installed ` +
        `in version ${wanted.version}, as package-lock.json says; run "npm install"`,
    )
  }
}

async function read(path: string): Promise<PackageLock | undefined> {
  try {
    return packageLock.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}
