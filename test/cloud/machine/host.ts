import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { attemptCommand } from './command.ts'

/** Thrown where no machine can be booted; the message is a sentence that says why. */
export class MachineUnavailable extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'MachineUnavailable'
  }
}

/** Programs that a machine stands on, and the Debian package of each. */
const PROGRAMS: Readonly<Record<string, string>> = {
  dnsmasq: 'dnsmasq-base',
  ip: 'iproute2',
  journalctl: 'systemd',
  mmdebstrap: 'mmdebstrap',
  nft: 'nftables',
  nsenter: 'util-linux',
  'systemd-nspawn': 'systemd-container',
}

const SYSTEM_FOLDERS = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
]

function isThere(program: string): boolean {
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
  return Object.keys(PROGRAMS).filter((program) => !isThere(program))
}

/** Variable of the environment that says why no machine is to be booted, where that is known. */
export const NO_MACHINE = 'NO_MACHINE'

/** Why no machine can be booted here whatever is installed; undefined when one can. */
export function whyNoMachine(): string | undefined {
  if (process.env[NO_MACHINE]) return process.env[NO_MACHINE]
  if (process.platform !== 'linux') return 'a machine boots on Linux only'
  if (process.getuid?.() !== 0) return 'a machine boots with the rights of root only'
  const missing = missingPrograms()
  if (missing.length === 0 || isThere('apt-get')) return undefined
  return `these programs are missing, and there is no apt-get to install them: ${missing.join(', ')}`
}

async function apt(args: readonly string[], report: (line: string) => void): Promise<void> {
  const child = spawn('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2000)
      for (const [line] of text.matchAll(/^Setting up .+/gm)) report(`  ${line}`)
    })
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new MachineUnavailable(`apt-get ${args.join(' ')} failed:\n${said}`)
}

/**
 * Installs by apt-get what is missing of the programs that a machine stands on.
 *
 * @param report Told of the progress, a sentence at a time
 * @throws MachineUnavailable where no machine can be booted
 */
export async function prepareHost(report: (line: string) => void): Promise<void> {
  const reason = whyNoMachine()
  if (reason !== undefined) throw new MachineUnavailable(reason)
  const missing = missingPrograms()
  if (missing.length > 0) {
    const packages = [...new Set(missing.flatMap((program) => PROGRAMS[program] ?? []))]
    report(`Installing what machines stand on: ${packages.join(', ')}`)
    await apt(['update'], report)
    await apt(['install', '--yes', '--no-install-recommends', ...packages], report)
    const still = missingPrograms()
    if (still.length > 0) throw new MachineUnavailable(`still missing: ${still.join(', ')}`)
  }
  const { code, stderr } = await attemptCommand('unshare', ['--net', '--mount', 'true'])
  if (code !== 0 || !existsSync('/sys/fs/cgroup')) {
    throw new MachineUnavailable(`namespaces cannot be made here: ${stderr.trim()}`)
  }
}
