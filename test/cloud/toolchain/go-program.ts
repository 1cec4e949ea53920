import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { retryFetch } from '../../retry-fetch.ts'

/** A program built from Go modules whose versions are pinned by a go.sum. */
export interface GoProgram {
  /** For progress messages and errors. */
  title: string
  /** File name of the executable. */
  name: string
  /** Folder beside this file with go.mod, go.sum and any sources. */
  folder: string
  /** Import path of its main package. */
  package: string
  /** Variables that the linker sets, by full name. @default none */
  variables?: Readonly<Record<string, string>>
  /** A script that must lie beside the executable: its module, and its path in there. */
  script?: { module: string; path: string }
}

/** Thrown when a program cannot be built; the message says why. */
export class ToolchainError extends Error {
  override readonly name = 'ToolchainError'
}

class GoMissingError extends ToolchainError {}

const REPORT_INTERVAL_MS = 15_000

/** Returns `$XDG_CACHE_HOME/oss-direct-upload`, which all checkouts share. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'oss-direct-upload')
}

/**
 * Builds the program unless it is cached. The cache key covers the content of its folder and the
 * linker's variables.
 *
 * @param report Receives progress messages
 * @returns Path of the executable
 * @throws ToolchainError when Go is not installed or the build fails
 */
export async function goProgram(
  program: GoProgram,
  report: (line: string) => void,
): Promise<string> {
  const { title, name, script } = program
  const source = fileURLToPath(new URL(`./${program.folder}/`, import.meta.url))
  const variables = Object.entries(program.variables ?? {})
  const key = await folderHash(source, JSON.stringify([variables, script]))
  const folder = join(cacheFolder(), 'toolchain', `${program.folder}-${key}`)
  const file = join(folder, name)
  if (existsSync(file)) return file
  await mkdir(folder, { recursive: true })
  report(`Building ${title}; this happens once, the result is cached`)
  await fetchModules(program.package, source, title, report)
  const flags = ['-s', '-w', ...variables.map(([name, value]) => `-X ${name}=${value}`)].join(' ')
  const unfinished = `${file}.${process.pid}`
  const args = ['build', '-v', '-ldflags', flags, '-o', unfinished, program.package]
  await runGo(args, source, title, report)
  if (script) await copyScript(script, source, folder)
  // Atomic, because other processes may build the same program.
  await rename(unfinished, file)
  return file
}

/**
 * Downloads the modules that a package needs. A module proxy may fail for a moment, and the go command
 * itself does not retry.
 *
 * @param firstMs As in `retryFetch`
 */
export async function fetchModules(
  mainPackage: string,
  cwd: string,
  title: string,
  report: (line: string) => void,
  firstMs?: number,
): Promise<void> {
  await retryFetch(title, () => runGo(['list', '-deps', mainPackage], cwd, title, report), {
    report,
    isPermanent: (error) => error instanceof GoMissingError,
    ...(firstMs === undefined ? {} : { firstMs }),
  })
}

async function copyScript(
  { module, path }: { module: string; path: string },
  source: string,
  folder: string,
): Promise<void> {
  const args = ['list', '-m', '-f', '{{.Dir}}', module]
  const { stdout } = await promisify(execFile)('go', args, { cwd: source })
  const file = join(folder, basename(path))
  await writeFile(file, await readFile(join(stdout.trim(), path)))
  await chmod(file, 0o755)
}

async function folderHash(folder: string, more: string): Promise<string> {
  const hash = createHash('sha256').update(more)
  for (const name of (await readdir(folder)).toSorted()) {
    hash.update(`\0${name}\0`).update(await readFile(join(folder, name)))
  }
  return hash.digest('hex').slice(0, 16)
}

async function runGo(
  args: readonly string[],
  cwd: string,
  title: string,
  report: (line: string) => void,
): Promise<void> {
  const started = Date.now()
  let packages = 0
  let output = ''
  const go = spawn('go', args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
  go.stderr.setEncoding('utf8').on('data', (text: string) => {
    packages += text.split('\n').length - 1
    output = (output + text).slice(-4000)
  })
  const timer = setInterval(() => {
    const minutes = ((Date.now() - started) / 60_000).toFixed(1)
    report(`  ${title}: ${packages} packages downloaded or compiled in ${minutes} min`)
  }, REPORT_INTERVAL_MS)
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      go.once('error', (error: NodeJS.ErrnoException) => {
        const missing = new GoMissingError('Go (1.26 or later) is not on the PATH')
        reject(error.code === 'ENOENT' ? missing : new ToolchainError(error.message))
      })
      go.once('close', resolve)
    })
    if (code !== 0) throw new ToolchainError(`go ${args[0]} of ${title} failed:\n${output}`)
  } finally {
    clearInterval(timer)
  }
}
