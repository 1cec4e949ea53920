import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { installStep } from './cache.ts'

const FOLDER = fileURLToPath(new URL('..', import.meta.url))

/**
 * Installs the rivals that are on npm, unless the versions of package.json are installed already.
 *
 * @throws RivalError when npm fails
 */
export async function installNpmRivals(report: (line: string) => void): Promise<void> {
  if (isInstalled()) return
  report('Installing the rivals from npm into test/bench/node_modules; this happens once')
  await installStep('The npm rivals', 'npm', ['ci', '--ignore-scripts'], report, FOLDER)
}

function isInstalled(): boolean {
  const { dependencies } = readManifest(`${FOLDER}package.json`)
  return Object.entries(dependencies).every(([name, version]) => {
    const manifest = `${FOLDER}node_modules/${name}/package.json`
    return existsSync(manifest) && readManifest(manifest).version === version
  })
}

function readManifest(path: string): { version: string; dependencies: Record<string, string> } {
  return JSON.parse(readFileSync(path, 'utf8'))
}
