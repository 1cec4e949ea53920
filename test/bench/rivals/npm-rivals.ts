import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { RivalError } from '../benchmark.ts'

const FOLDER = fileURLToPath(new URL('..', import.meta.url))

/**
 * Installs the rivals that come from npm beside the benchmarks, unless they are there in the
 * versions of the lockfile.
 *
 * @throws RivalError when npm cannot get them
 */
export function installNpmRivals(report: (line: string) => void): void {
  if (isInstalled()) return
  report('Installing the rivals from npm, once, into test/bench/node_modules')
  const { status, stderr } = spawnSync('npm', ['ci', '--ignore-scripts'], {
    cwd: FOLDER,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status === 0) return
  const reason = stderr?.trim().split('\n').at(0) || 'npm could not be started'
  throw new RivalError(`The rivals could not be installed from npm: ${reason}`)
}

function isInstalled(): boolean {
  if (!existsSync(`${FOLDER}node_modules`)) return false
  const { dependencies } = JSON.parse(readFileSync(`${FOLDER}package.json`, 'utf8')) as {
    dependencies: Record<string, string>
  }
  return Object.entries(dependencies).every(([name, version]) => {
    const manifest = `${FOLDER}node_modules/${name}/package.json`
    if (!existsSync(manifest)) return false
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version === version
  })
}
