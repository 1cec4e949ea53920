import packageJson from '../../package.json' with { type: 'json' }
import { exportsOf, isPublished, PARTS, type Part } from './parts.ts'

/** Oldest Node that the packages are tested with. */
const ENGINES = { node: '>=22.12' }

/**
 * Returns the package.json of a package: compiled files instead of sources, caret ranges instead of
 * pinned versions, and the root's version.
 *
 * @param imports Packages that the modules import
 * @throws Error when the part declares another set of dependencies than they import
 */
export function publishedManifest(part: Part, imports: ReadonlySet<string>): object {
  const { name, description, license, publishConfig = {} } = part.manifest
  const { bin, ...published } = publishConfig
  const exports = Object.entries(exportsOf(part)).map(([subpath, file]) => [
    subpath,
    { types: compiled(file, '.d.ts'), default: compiled(file, '.js') },
  ])
  const { peerDependencies, peerDependenciesMeta } = part.manifest
  const dependencies = publishedDependencies(part)
  checkDependencies(name, { ...dependencies, ...peerDependencies }, imports)
  return {
    name,
    version: packageJson.version,
    description,
    license,
    type: 'module',
    engines: ENGINES,
    exports: { ...Object.fromEntries(exports), './package.json': './package.json' },
    ...(bin && {
      bin: Object.fromEntries(
        Object.entries(bin).map(([command, file]) => [command, compiled(file, '.js')]),
      ),
    }),
    ...(Object.keys(dependencies).length > 0 && { dependencies }),
    ...(peerDependencies && { peerDependencies }),
    ...(peerDependenciesMeta && { peerDependenciesMeta }),
    publishConfig: { access: 'public', ...published },
  }
}

function compiled(file: string, extension: string): string {
  return file.replace(/^\.\//, './dist/').replace(/\.ts$/, extension)
}

function publishedDependencies({ manifest }: Part): Record<string, string> {
  const entries = Object.entries(manifest.dependencies ?? {}).flatMap(([name, version]) => {
    const own = PARTS.find((part) => part.manifest.name === name)
    if (own === undefined) return [[name, `^${version}`]]
    return isPublished(own) ? [[name, packageJson.version]] : []
  })
  return Object.fromEntries(entries)
}

function checkDependencies(name: string, declared: object, imports: ReadonlySet<string>): void {
  const packages = [...imports].filter((imported) => !imported.startsWith('node:'))
  const missing = packages.filter((imported) => !(imported in declared))
  // Types of a package without its own.
  const typed = (other: string) => imports.has(other.replace(/^@types\//, ''))
  const unused = Object.keys(declared).filter((other) => !imports.has(other) && !typed(other))
  if (missing.length === 0 && unused.length === 0) return
  throw new Error(`${name}: missing dependencies [${missing}], unused dependencies [${unused}]`)
}
