import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { retryFetch } from '../../retry-fetch.ts'
import { attemptCommand, type CommandOptions, runCommand } from './command.ts'

/** Thrown where no machine can boot; the message says why. */
export class MachineUnavailable extends Error {
  override readonly name = 'MachineUnavailable'
}

/** Programs that machines need on the host, and the Debian package of each. */
const PROGRAMS: Readonly<Record<string, string>> = {
  dnsmasq: 'dnsmasq-base',
  ip: 'iproute2',
  journalctl: 'systemd',
  mmdebstrap: 'mmdebstrap',
  nft: 'nftables',
  nsenter: 'util-linux',
  'systemd-nspawn': 'systemd-container',
}

const SYSTEM_FOLDERS = ['/usr/local/', '/usr/', '/'].flatMap((base) => [
  `${base}sbin`,
  `${base}bin`,
])

/** Environment variable with the reason why no machine can boot, set once that is known. */
export const NO_MACHINE = 'NO_MACHINE'

function isInstalled(program: string): boolean {
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

function missingPrograms(): string[] {
  return Object.keys(PROGRAMS).filter((program) => !isInstalled(program))
}

/**
 * Returns why no machine can boot on this host, whatever is installed.
 *
 * @returns undefined when machines can boot
 */
export function whyNoMachine(): string | undefined {
  if (process.env[NO_MACHINE]) return process.env[NO_MACHINE]
  if (process.platform !== 'linux') return 'machines boot on Linux only'
  if (process.getuid?.() !== 0) return 'machines boot only as root'
  const missing = missingPrograms()
  if (missing.length === 0 || isInstalled('apt-get')) return undefined
  return `these programs are missing, and there is no apt-get to install them: ${missing.join(', ')}`
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
  await retryFetch(
    'apt-get',
    async () => {
      // Without this, apt-get update succeeds although a mirror has failed.
      const strict = ['-o', 'APT::Update::Error-Mode=any']
      await runCommand('apt-get', [...strict, 'update'], options)
      const install = ['install', '--yes', '--no-install-recommends', ...packages]
      await runCommand('apt-get', install, options)
    },
    { report },
  )
}

/**
 * Installs, with apt-get, the missing programs that machines need.
 *
 * @param report Receives progress messages
 * @throws MachineUnavailable where no machine can boot
 */
export async function prepareHost(report: (line: string) => void): Promise<void> {
  const reason = whyNoMachine()
  if (reason !== undefined) throw new MachineUnavailable(reason)
  const missing = missingPrograms()
  if (missing.length > 0) {
    const packages = [...new Set(missing.flatMap((program) => PROGRAMS[program] ?? []))]
    report(`Installing what machines need: ${packages.join(', ')}`)
    await installPackages(packages, report).catch((error: Error) => {
      throw new MachineUnavailable(error.message)
    })
    const still = missingPrograms()
    if (still.length > 0) throw new MachineUnavailable(`still missing: ${still.join(', ')}`)
  }
  const { code, stderr } = await attemptCommand('unshare', ['--net', '--mount', 'true'])
  if (code !== 0 || !existsSync('/sys/fs/cgroup')) {
    throw new MachineUnavailable(`this host cannot create namespaces: ${stderr.trim()}`)
  }
}
