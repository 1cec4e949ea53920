import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { inject } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }

/** Every package that is packed. */
export const NAMES = Object.keys(inject('tarballs'))

/** Returns the path of a package's tarball. */
export function tarballOf(name: string): string {
  const path = inject('tarballs')[name]
  if (path === undefined) throw new Error(`${name} is not packed`)
  return path
}

/** Versions that the project pins. */
export const PINNED: Readonly<Record<string, string>> = {
  ...packageJson.dependencies,
  ...packageJson.devDependencies,
  ...packageJson.optionalDependencies,
}

/** A project in an empty folder that has packages installed. */
export interface Consumer {
  folder: string
  /** Runs a program in the folder. @throws Error with what it printed, when it fails */
  run(file: string, args: readonly string[]): Promise<string>
  write(path: string, text: string): Promise<void>
  remove(): Promise<void>
}

/**
 * Installs packages into an empty project, as npm does once ours are published.
 *
 * @param names Packages of ours
 * @param others Versions by name @default none
 */
export async function createConsumer(
  names: readonly string[],
  others: Readonly<Record<string, string>> = {},
): Promise<Consumer> {
  const folder = await mkdtemp(join(tmpdir(), 'consumer-'))
  await writeFile(join(folder, '.npmrc'), `@oss-direct-upload:registry=${inject('registry')}\n`)
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  const consumer: Consumer = {
    folder,
    async run(file, args) {
      try {
        const { stdout, stderr } = await promisify(execFile)(file, args, {
          cwd: folder,
          maxBuffer: 64 * 1024 * 1024,
        })
        return stdout + stderr
      } catch (error) {
        const { stdout = '', stderr = '', message } = error as Error & Record<string, string>
        throw new Error(`${message}\n${stdout}${stderr}`)
      }
    },
    write: (path, text) => writeFile(join(folder, path), text),
    remove: () => rm(folder, { recursive: true }),
  }
  const specs = [...names, ...Object.entries(others).map(([name, version]) => `${name}@${version}`)]
  if (specs.length > 0) await install(consumer, specs)
  return consumer
}

/** Installs packages, with all their dependencies and peers. */
export async function install(consumer: Consumer, specs: readonly string[]): Promise<void> {
  await consumer.run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...specs])
}
