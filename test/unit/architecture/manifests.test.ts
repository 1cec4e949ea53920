import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const SCOPE = '@oss-direct-upload/'

interface Manifest {
  name: string
  private: boolean
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

interface Part {
  folder: string
  manifest: Manifest
  /** Paths of the source files, relative to the root. */
  sources: string[]
}

const FOLDERS = packageJson.workspaces.filter((folder) => /^(app|infra)\b/.test(folder))

async function readPart(folder: string): Promise<Part> {
  const manifest = JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8'))
  const entries = await readdir(join(ROOT, folder), { recursive: true })
  const sources = entries
    .filter((path) => /\.(ts|mjs|js)$/.test(path) && !path.includes('node_modules'))
    .map((path) => join(folder, path))
  return { folder, manifest, sources }
}

async function importsOf(path: string): Promise<string[]> {
  const text = await readFile(join(ROOT, path), 'utf8')
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) => name)
}

/** Returns the package of an import: `@a/b/c` belongs to `@a/b`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

const parts = await Promise.all(FOLDERS.map(readPart))

test('every part is private, so that nobody publishes its sources by mistake', () => {
  expect(parts.filter(({ manifest }) => !manifest.private)).toEqual([])
})

test.each(parts)('$folder has no dependency that it does not import', async (part) => {
  const imported = new Set<string>()
  for (const path of part.sources) {
    for (const specifier of await importsOf(path)) imported.add(packageOf(specifier))
  }
  const { dependencies, devDependencies, peerDependencies } = part.manifest
  const declared = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies })
  const notInCode = ['@types/express', '@types/node', `${SCOPE}page`]
  expect(declared.filter((name) => !imported.has(name) && !notInCode.includes(name))).toEqual([])
})

test.each(parts)(
  '$folder reaches other parts by their names alone',
  async ({ folder, sources }) => {
    const outside: string[] = []
    for (const path of sources) {
      for (const specifier of await importsOf(path)) {
        if (!specifier.startsWith('.')) continue
        const target = join(dirname(path), specifier)
        const owner = FOLDERS.filter((other) => !relative(other, target).startsWith('..')).toSorted(
          (a, b) => b.length - a.length,
        )[0]
        if (owner !== folder) outside.push(`${path}: ${specifier}`)
      }
    }
    expect(outside).toEqual([])
  },
)

test('the parts depend on each other in one direction', () => {
  const arrows = new Map(
    parts.map(({ manifest: { name, dependencies, devDependencies } }) => [
      name,
      Object.keys({ ...dependencies, ...devDependencies }).filter((other) =>
        other.startsWith(SCOPE),
      ),
    ]),
  )
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) throw new Error(`A circle: ${[...path, name].join(' -> ')}`)
    for (const next of arrows.get(name) ?? []) visit(next, [...path, name])
  }
  for (const name of arrows.keys()) visit(name, [])
  expect(arrows.size).toBe(FOLDERS.length)
})
