import { randomUUID } from 'node:crypto'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from './command.ts'
import { NAME_SERVERS } from './nftables-rules.ts'

/** A machine's disk. */
export interface Disk {
  /** Folder of the file system as the machine sees it. */
  root: string
  serialNumber: string
}

export interface DiskOptions {
  /** The machine's own folder. */
  folder: string
  /** Read-only layers below what the machine writes, the topmost first. */
  layers: readonly string[]
  bytes: number
  hostName: string
}

/** Makes a disk: a writable layer of limited size over read-only ones. */
export async function makeDisk({ folder, layers, bytes, hostName }: DiskOptions): Promise<Disk> {
  const [store, root] = [join(folder, 'store'), join(folder, 'root')]
  await mkdir(store, { recursive: true })
  await mkdir(root)
  await runCommand('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=755`, 'machine-disk', store])
  await mkdir(join(store, 'upper'))
  await mkdir(join(store, 'work'))
  const options = [
    `lowerdir=${layers.join(':')}`,
    `upperdir=${join(store, 'upper')}`,
    `workdir=${join(store, 'work')}`,
  ]
  await runCommand('mount', ['-t', 'overlay', '-o', options.join(','), 'machine-root', root])
  const serialNumber = randomUUID()
  await writeFile(join(root, 'etc/machine-id'), '')
  await writeFile(join(root, 'etc/hostname'), `${hostName}\n`)
  await writeFile(join(root, 'etc/resolv.conf'), `nameserver ${NAME_SERVERS[0]}\n`)
  await mkdir(join(root, 'usr/share/ecs'), { recursive: true })
  await writeFile(join(root, 'usr/share/ecs/serial-number'), `${serialNumber}\n`)
  return { root, serialNumber }
}

/** Removes a disk. */
export async function removeDisk(folder: string): Promise<void> {
  await runCommand('umount', [join(folder, 'root')])
  await runCommand('umount', [join(folder, 'store')])
  await rm(folder, { recursive: true, force: true })
}

/**
 * Makes a layer with which an image trusts a certificate authority.
 *
 * @param certificate PEM
 * @returns Folder of the layer
 */
export async function makeTrustLayer(
  folder: string,
  image: string,
  certificate: string,
): Promise<string> {
  const [upper, work, root] = ['upper', 'work', 'root'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  for (const path of [upper, work, root]) await mkdir(path, { recursive: true })
  // It becomes the root folder of the file system.
  await chmod(upper, 0o755)
  const options = `lowerdir=${image},upperdir=${upper},workdir=${work}`
  await runCommand('mount', ['-t', 'overlay', '-o', options, 'trust-layer', root])
  try {
    await writeFile(join(root, 'usr/local/share/ca-certificates/cloud.crt'), certificate)
    await runCommand('chroot', [root, 'update-ca-certificates'], { env: { PATH: GUEST_PATH } })
  } finally {
    await runCommand('umount', [root])
  }
  return upper
}

/** PATH inside a machine. */
export const GUEST_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
