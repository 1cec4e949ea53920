import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Checkout } from './checkout.ts'

const FILES = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'node_modules/.package-lock.json',
]

/**
 * Returns the digest of everything that the build depends on: sources, installed packages,
 * package-lock.json and the compiler's options.
 *
 * @returns Lower-case hex
 */
export async function sourceDigest({ root }: Checkout): Promise<string> {
  const entries = await readdir(join(root, 'app'), { recursive: true, withFileTypes: true })
  const sources = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
  const hash = createHash('sha256')
  for (const path of [...sources, ...FILES].sort()) {
    const bytes = await readFile(join(root, path))
    hash.update(`${JSON.stringify(path)} ${bytes.length}\n`).update(bytes)
  }
  return hash.digest('hex')
}
