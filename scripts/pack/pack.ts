/**
 * Writes the npm packages of the published parts as tarballs. The same sources, installed packages and
 * Node give the same bytes.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ASSETS } from './assets.ts'
import { collectModules } from './collect-modules.ts'
import { compile } from './compile.ts'
import { exportsOf, isPublished, PARTS, type Part, ROOT } from './parts.ts'
import { publishedManifest } from './published-manifest.ts'

/** Default output folder. */
export const PACKAGES_DIR = join(ROOT, 'dist/packages')

/**
 * Packs every published part.
 *
 * @param outDir Emptied first
 * @returns Paths of the tarballs by package name
 * @throws Error when a part does not compile, or declares wrong dependencies
 */
export async function packAll(outDir: string = PACKAGES_DIR): Promise<Map<string, string>> {
  const published = PARTS.filter(isPublished)
  await rm(outDir, { recursive: true, force: true })
  await mkdir(outDir, { recursive: true })
  const cache = join(ROOT, 'node_modules/.cache/oss-direct-upload')
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, 'pack-'))
  try {
    const compiled = join(work, 'compiled')
    await mkdir(compiled)
    await compile(compiled)
    const tarballs = new Map<string, string>()
    for (const [index, part] of published.entries()) {
      const folder = join(work, String(index))
      await writePackage(part, compiled, folder)
      tarballs.set(part.manifest.name, join(outDir, await npmPack(folder, outDir)))
    }
    return tarballs
  } finally {
    await rm(work, { recursive: true })
  }
}

function entriesOf(part: Part): string[] {
  const bins = Object.values(part.manifest.publishConfig?.bin ?? {})
  return [...Object.values(exportsOf(part)), ...bins].map((file) => join(part.folder, file))
}

async function writePackage(part: Part, compiled: string, folder: string): Promise<void> {
  const { replacements = {}, write } = ASSETS[part.folder] ?? {}
  const { files, imports } = await collectModules(part, compiled, entriesOf(part), replacements)
  const manifest = publishedManifest(part, imports)
  files.set('package.json', `${JSON.stringify(manifest, null, 2)}\n`)
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  await cp(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
  await cp(join(ROOT, part.folder, 'README.md'), join(folder, 'README.md'))
  await write?.(folder)
}

/** @returns Name of the tarball */
async function npmPack(folder: string, outDir: string): Promise<string> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', outDir]
  const { stdout } = await promisify(execFile)('npm', args, { cwd: folder })
  const [packed] = JSON.parse(stdout) as [{ filename: string }]
  return packed.filename
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outDir = process.argv[2]
  for (const path of (await packAll(outDir && resolve(outDir))).values()) console.log(path)
}
