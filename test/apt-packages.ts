import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type CommandOptions, runCommand } from './cloud/machine/command.ts'
import { retryFetch } from './retry-fetch.ts'

const SYSTEM_FOLDERS = ['/usr/local/', '/usr/', '/'].flatMap((base) => [
  `${base}sbin`,
  `${base}bin`,
])

/** Returns whether a program is on the PATH or in a system folder. */
export function isInstalled(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_FOLDERS]
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return folder !== ''
    } catch {
      return false
    }
  })
}

/**
 * Installs Debian packages on this host.
 *
 * @param report Receives progress messages
 * @throws CommandError when apt-get fails repeatedly
 */
export async function installPackages(
  packages: readonly string[],
  report: (line: string) => void,
): Promise<void> {
  const options: CommandOptions = {
    env: { ...(process.env as Record<string, string>), DEBIAN_FRONTEND: 'noninteractive' },
    timeoutMs: 10 * 60_000,
  }
  const install = async (): Promise<void> => {
    // Without this, apt-get update succeeds although a mirror has failed.
    const strict = ['-o', 'APT::Update::Error-Mode=any']
    await runCommand('apt-get', [...strict, 'update'], options)
    await runCommand(
      'apt-get',
      ['install', '--yes', '--no-install-recommends', ...packages],
      options,
    )
  }
  await retryFetch('apt-get', install, { report })
}
