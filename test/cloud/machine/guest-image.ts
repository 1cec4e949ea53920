import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { retryFetch } from '../../retry-fetch.ts'
import { cacheFolder } from '../toolchain/go-program.ts'
import { runCommand } from './command.ts'
import { MachineUnavailable } from './host.ts'

/** Debian 13. */
const SUITE = 'trixie'

/** What an instance has; libfaketime is for machines whose clock is wrong. */
const PACKAGES = [
  'ca-certificates',
  'cloud-init',
  'curl',
  'dbus',
  'iproute2',
  'libfaketime',
  'openssh-server',
  'python3',
  'systemd',
  'systemd-sysv',
  'udev',
]

/** Enabled in the images of ECS; Debian's package leaves that to the image. */
const UNITS = ['systemd-networkd.service', 'systemd-networkd-wait-online.service']

/** Copied over Debian: what a hypervisor provides to its guest. */
const GUEST = fileURLToPath(new URL('./guest/', import.meta.url))

/**
 * Returns the file system that machines start from: Debian packages, installed by mmdebstrap from the
 * mirror that apt uses on this host. It is built once for each package list and guest folder, and cached.
 *
 * @param report Receives progress messages
 * @returns Its folder, the read-only lower layer of every machine's disk
 * @throws MachineUnavailable when it cannot be built
 */
export async function guestImage(report: (line: string) => void): Promise<string> {
  const folder = join(cacheFolder(), 'machine', `debian-13-${await imageHash()}`)
  if (existsSync(folder)) return folder
  await mkdir(join(folder, '..'), { recursive: true })
  const unfinished = `${folder}.${process.pid}`
  try {
    report('Building the machine image from Debian packages; this happens once, it is cached')
    await installDebian(unfinished, report)
    await runCommand('systemctl', [`--root=${unfinished}`, 'enable', ...UNITS])
    await cp(GUEST, unfinished, { recursive: true })
    // Each machine creates these at its first boot.
    for (const name of await readdir(join(unfinished, 'etc/ssh'))) {
      if (name.startsWith('ssh_host_')) await rm(join(unfinished, 'etc/ssh', name))
    }
    await rm(join(unfinished, 'etc/hostname'), { force: true })
    await rm(join(unfinished, 'etc/resolv.conf'), { force: true })
    await rename(unfinished, folder).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return folder
}

async function imageHash(): Promise<string> {
  const architecture = (await runCommand('dpkg', ['--print-architecture'])).trim()
  const hash = createHash('sha256').update(JSON.stringify([architecture, SUITE, PACKAGES, UNITS]))
  const entries = await readdir(GUEST, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name))
  for (const path of files.toSorted()) {
    hash.update(`\0${path.slice(GUEST.length)}\0`).update(await readFile(path))
  }
  return hash.digest('hex').slice(0, 16)
}

async function installDebian(folder: string, report: (line: string) => void): Promise<void> {
  const args = [
    '--variant=minbase',
    `--include=${PACKAGES.join(',')}`,
    ...(await aptOptions()),
    SUITE,
    folder,
    ...(await debianMirror()),
  ]
  const install = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true })
    await runCommand('mmdebstrap', args, { timeoutMs: 10 * 60_000 })
  }
  await retryFetch('mmdebstrap', install, { report }).catch((error: Error) => {
    throw new MachineUnavailable(error.message)
  })
}

/** Returns the mirror of Debian that apt uses here; none elsewhere, where mmdebstrap has a default. */
async function debianMirror(): Promise<string[]> {
  const format = '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)'
  const targets = await runCommand('apt-get', ['indextargets', '--format', format])
  const found = targets.split('\n').map((line) => line.split('|'))
  const main = found.find(
    ([origin, label, component]) =>
      origin === 'Debian' && label === 'Debian' && component === 'main',
  )
  return main?.[3] ? [main[3]] : []
}

/** Returns apt's download settings on this host: proxies and checks. */
async function aptOptions(): Promise<string[]> {
  const dump = await runCommand('apt-config', ['dump', '--format', '%f "%v";%n'])
  return dump
    .split('\n')
    .filter((line) => /^Acquire::(https?::|Check-|Retries)/i.test(line) && !line.includes('""'))
    .map((line) => `--aptopt=${line.replace(/;$/, '')}`)
}
