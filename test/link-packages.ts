import { cp, mkdir, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))
/** Its links lead to the folders of the parts. */
const OWN_SCOPE = '@oss-direct-upload'

/**
 * Gives a copy of the project the installed packages: links to those of this checkout, except that the
 * project's own packages are those of the copy.
 */
export async function linkPackages(folder: string): Promise<void> {
  const modules = join(folder, 'node_modules')
  await mkdir(modules)
  for (const name of await readdir(MODULES)) {
    const [from, to] = [join(MODULES, name), join(modules, name)]
    if (name === OWN_SCOPE) await cp(from, to, { recursive: true, verbatimSymlinks: true })
    else await symlink(from, to)
  }
}
