import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { isPublished, type Part, partOfFile, ROOT, resolveOwn } from './parts.ts'

/** The modules of a package. */
export interface CollectedModules {
  /** Path in the package, and content: JavaScript, declarations and source maps. */
  files: Map<string, string>
  /** Packages that the modules import. */
  imports: Set<string>
}

/** Before a specifier: `from`, `import`, `import(`, or the URL of a worker. */
const SPECIFIER = /\b(from\s*|import\s*\(?\s*|new URL\()(['"])([^'"\n]+)\2/g

/**
 * Collects the compiled modules that a package's entries reach. Parts that are not published become
 * modules of the package, in `dist/internal`.
 *
 * @param compiled Folder of the compiler's output
 * @param entries Source files relative to the root
 * @param replacements Source files, or packages, and the source file that takes their place
 * @throws Error when a module is missing
 */
export async function collectModules(
  part: Part,
  compiled: string,
  entries: readonly string[],
  replacements: Readonly<Record<string, string>>,
): Promise<CollectedModules> {
  const files = new Map<string, string>()
  const imports = new Set<string>()
  const queue = [...entries]
  const seen = new Set(queue)
  for (const source of queue) {
    const path = pathInPackage(part, source)
    const reach = (specifier: string): string => {
      const target = resolve(specifier, source, part, replacements)
      if (target === undefined) {
        imports.add(packageOf(specifier))
        return specifier
      }
      if (!seen.has(target)) {
        seen.add(target)
        queue.push(target)
      }
      const relative = posix.relative(dirname(path), javascript(pathInPackage(part, target)))
      return relative.startsWith('.') ? relative : `./${relative}`
    }
    const output = join(compiled, javascript(source))
    for (const [from, to] of [
      [output, javascript(path)],
      [output.replace(/\.js$/, '.d.ts'), path.replace(/\.ts$/, '.d.ts')],
    ] as const) {
      const text = await readFile(from, 'utf8')
      files.set(
        to,
        text.replaceAll(SPECIFIER, (_all, before: string, quote: string, specifier: string) =>
          before.startsWith('new URL') && !specifier.endsWith('.ts')
            ? `${before}${quote}${specifier}${quote}`
            : `${before}${quote}${reach(specifier)}${quote}`,
        ),
      )
    }
    files.set(`${javascript(path)}.map`, await sourceMap(`${output}.map`, path))
  }
  return { files, imports }
}

/** Returns the source file that an import leads to, or undefined if it is another package's. */
function resolve(
  specifier: string,
  importer: string,
  part: Part,
  replacements: Readonly<Record<string, string>>,
): string | undefined {
  const replaced = replacements[specifier]
  if (replaced !== undefined) return replaced
  if (specifier.startsWith('.')) {
    const path = posix.join(dirname(importer), specifier.replace(/\.js$/, '.ts'))
    if (!existsSync(join(ROOT, path))) throw new Error(`${importer} imports ${specifier}`)
    return replacements[path] ?? path
  }
  const own = resolveOwn(specifier)
  if (own === undefined || (own.part !== part && isPublished(own.part))) return undefined
  return own.file
}

function pathInPackage(part: Part, source: string): string {
  const owner = partOfFile(source)
  if (owner === undefined) throw new Error(`${source} is not part of a package`)
  const path = source.slice(owner.folder.length + 1)
  if (owner === part) return `dist/${path}`
  return `dist/internal/${posix.basename(owner.folder)}/${path}`
}

function javascript(path: string): string {
  return path.replace(/\.ts$/, '.js')
}

/** Returns the package of an import: `@a/b/c` belongs to `@a/b`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Returns a source map whose source is in a folder `src` beside `dist`, where nothing else is. */
async function sourceMap(compiled: string, path: string): Promise<string> {
  const map = JSON.parse(await readFile(compiled, 'utf8')) as object
  const source = posix.relative(dirname(path), path.replace(/^dist\//, 'src/'))
  return JSON.stringify({ ...map, sourceRoot: '', sources: [source] })
}
