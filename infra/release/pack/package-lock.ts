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

/** The parts of a package-lock.json that matter here. */
export type PackageLock = z.infer<typeof packageLock>

/** @throws UserError when the file is not there or is not npm's */
export async function readPackageLock(checkout: Checkout): Promise<PackageLock> {
  const lock = await read(join(checkout.root, 'package-lock.json'))
  if (lock === undefined) {
    throw new UserError('package-lock.json cannot be read: get the checkout anew, whole')
  }
  return lock
}

/**
 * Makes sure that what would be packed are the packages that package-lock.json names.
 *
 * @throws UserError that names the first package that is not
 */
export async function checkInstalled(checkout: Checkout, lock: PackageLock): Promise<void> {
  const installed = await read(join(checkout.root, 'node_modules/.package-lock.json'))
  for (const [path, wanted] of Object.entries(lock.packages)) {
    if (path === '' || wanted.dev || wanted.devOptional || wanted.optional) continue
    const there = installed?.packages[path]
    if (there?.version === wanted.version && there?.integrity === wanted.integrity) continue
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
