import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder } from '../toolchain/go-program.ts'
import { runCommand } from './command.ts'
import { MachineUnavailable } from './host.ts'

/** Debian 13. */
const SUITE = 'trixie'

/** What an instance has; libfaketime is for clocks that are off. */
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

/** Laid over Debian: stands for what a hypervisor tells its guest. */
const GUEST = fileURLToPath(new URL('./guest/', import.meta.url))

/**
 * The file system that machines start from: Debian's packages by mmdebstrap, built once for what
 * stands here and in the guest folder, and kept in the cache. The packages come from where the apt of this machine has its.
 *
 * @param report Told of the progress, a sentence at a time
 * @returns Its folder, to be laid under a machine's own and never written to
 * @throws MachineUnavailable when it cannot be built
 */
export async function guestImage(report: (line: string) => void): Promise<string> {
  const architecture = (await runCommand('dpkg', ['--print-architecture'])).trim()
  const itself = await readFile(new URL(import.meta.url))
  const hash = createHash('sha256').update(architecture).update(itself)
  for (const entry of (await readdir(GUEST, { recursive: true, withFileTypes: true })).toSorted(
    (a, b) => (join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1),
  )) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    hash.update(`\0${path.slice(GUEST.length)}\0`).update(await readFile(path))
  }
  const folder = join(cacheFolder(), 'machine', `debian-13-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(folder)) return folder
  await mkdir(join(folder, '..'), { recursive: true })
  const unfinished = `${folder}.${process.pid}`
  try {
    report('Building the image of the machines from Debian packages: once, it is kept in the cache')
    await debootstrap(unfinished, report)
    // In the images of ECS both are on; Debian's package leaves that to whoever makes an image.
    const units = ['systemd-networkd.service', 'systemd-networkd-wait-online.service']
    await runCommand('systemctl', [`--root=${unfinished}`, 'enable', ...units])
    await cp(GUEST, unfinished, { recursive: true })
    // What is made anew at a first start: an image is not a machine.
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

async function debootstrap(folder: string, report: (line: string) => void): Promise<void> {
  const args = [
    '--variant=minbase',
    `--include=${PACKAGES.join(',')}`,
    ...(await aptOptions()),
    SUITE,
    folder,
    ...(await debianMirror()),
  ]
  let said = ''
  const child = spawn('mmdebstrap', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-3000)
    for (const [, line] of text.matchAll(/^I: (.+)/gm)) report(`  ${line}`)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new MachineUnavailable(`mmdebstrap failed:\n${said}`)
}

/** Where this machine's apt has Debian's packages; none elsewhere, where mmdebstrap knows a place. */
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

/** How this machine's apt fetches: proxies, and what it checks. */
async function aptOptions(): Promise<string[]> {
  const dump = await runCommand('apt-config', ['dump', '--format', '%f "%v";%n'])
  return dump
    .split('\n')
    .filter((line) => /^Acquire::(https?::|Check-|Retries)/i.test(line) && !line.includes('""'))
    .map((line) => `--aptopt=${line.replace(/;$/, '')}`)
}
