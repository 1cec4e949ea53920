import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** A program that is built from Go modules whose versions a go.sum beside it pins. */
export interface GoProgram {
  /** What is built, for people. */
  title: string
  /** Name of the program file. */
  name: string
  /** Folder beside this file with go.mod, go.sum and sources of its own, if any. */
  folder: 'engine' | 'language-host' | 'pebble' | 'provider'
  /** Import path of its main package. */
  package: string
  /** Variables that the linker sets, by their full name. @default none */
  variables?: Readonly<Record<string, string>>
  /** A script of the package's module, by its path in there, that belongs beside the program. */
  script?: { module: string; path: string }
}

/** Thrown when a program cannot be had; the message is a sentence that says why. */
export class ToolchainError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ToolchainError'
  }
}

const REPORT_MS = 15_000

/** `$XDG_CACHE_HOME/oss-direct-upload`; builds are kept there from one checkout to the next. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'oss-direct-upload')
}

/**
 * Builds the program unless the cache has it: what counts is the content of its folder and the
 * linker's variables.
 *
 * @param report Told of the progress, a sentence at a time
 * @returns Path of the program file
 * @throws ToolchainError when Go is not there or the build fails
 */
export async function goProgram(
  program: GoProgram,
  report: (line: string) => void,
): Promise<string> {
  const source = fileURLToPath(new URL(`./${program.folder}/`, import.meta.url))
  const variables = Object.entries(program.variables ?? {})
  const key = await folderHash(source, JSON.stringify([variables, program.script]))
  const folder = join(cacheFolder(), 'toolchain', `${program.folder}-${key}`)
  const file = join(folder, program.name)
  if (existsSync(file)) return file
  await mkdir(folder, { recursive: true })
  const flags = ['-s', '-w', ...variables.map(([name, value]) => `-X ${name}=${value}`)].join(' ')
  const unfinished = `${file}.${process.pid}`
  report(`Building ${program.title}: once, it is kept in the cache`)
  const args = ['build', '-v', '-ldflags', flags, '-o', unfinished, program.package]
  await runGo(args, source, program.title, report)
  if (program.script) await copyScript(program.script, source, folder)
  // Whole or not at all, whoever else builds the same.
  await rename(unfinished, file)
  return file
}

async function copyScript(
  { module, path }: { module: string; path: string },
  source: string,
  folder: string,
): Promise<void> {
  const list = promisify(execFile)
  const { stdout } = await list('go', ['list', '-m', '-f', '{{.Dir}}', module], { cwd: source })
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
  let tail = ''
  const go = spawn('go', args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
  go.stderr.setEncoding('utf8').on('data', (text: string) => {
    packages += text.split('\n').length - 1
    tail = (tail + text).slice(-4000)
  })
  const timer = setInterval(() => {
    const minutes = ((Date.now() - started) / 60_000).toFixed(1)
    report(`  ${title}: ${packages} packages fetched or compiled in ${minutes} min`)
  }, REPORT_MS)
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      go.once('error', (error: NodeJS.ErrnoException) => {
        const missing = 'Go (1.26 or later) is not on the PATH'
        reject(new ToolchainError(error.code === 'ENOENT' ? missing : error.message))
      })
      go.once('close', resolve)
    })
    if (code !== 0) throw new ToolchainError(`go ${args[0]} of ${title} failed:\n${tail}`)
  } finally {
    clearInterval(timer)
  }
}
