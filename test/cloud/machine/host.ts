import { existsSync } from 'node:fs'
import { installPackages, isInstalled } from '../../apt-packages.ts'
import { attemptCommand } from './command.ts'

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

/** Environment variable with the reason why no machine can boot, set once that is known. */
export const NO_MACHINE = 'NO_MACHINE'

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
