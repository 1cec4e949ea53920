import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attemptCommand, runCommand } from './command.ts'

const NAMESPACES = '/run/netns'
/** `ip netns exec` mounts the files in here over those in /etc. */
const SETTINGS = '/etc/netns'

/** Returns the path of a network namespace, for programs that enter it. */
export function namespacePath(name: string): string {
  return join(NAMESPACES, name)
}

/**
 * Makes a network namespace with its loopback interface up.
 *
 * @param nameServer For programs that `ip netns exec` runs in it @default that of the host
 */
export async function makeNamespace(name: string, nameServer?: string): Promise<void> {
  await runCommand('ip', ['netns', 'add', name])
  await runCommand('ip', ['-n', name, 'link', 'set', 'lo', 'up'])
  if (nameServer === undefined) return
  await mkdir(join(SETTINGS, name), { recursive: true })
  await writeFile(join(SETTINGS, name, 'resolv.conf'), `nameserver ${nameServer}\n`)
}

/** Removes a network namespace with its interfaces. */
export async function removeNamespace(name: string): Promise<void> {
  await attemptCommand('ip', ['netns', 'del', name])
  await rm(join(SETTINGS, name), { recursive: true, force: true })
}

/** Returns the names of a run's network namespaces. */
export async function namespacesOf(run: string): Promise<string[]> {
  const found = new Set<string>()
  for (const folder of [NAMESPACES, SETTINGS]) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (name.startsWith(`${run}-`)) found.add(name)
    }
  }
  return [...found]
}

/** Runs commands of ip(8) in a namespace, in order, each without the leading `ip`. */
export async function ipBatch(namespace: string, lines: readonly string[]): Promise<void> {
  await runCommand('ip', ['-n', namespace, '-batch', '-'], { input: `${lines.join('\n')}\n` })
}

/** Lets a namespace forward packets. */
export async function forwardPackets(namespace: string): Promise<void> {
  const file = '/proc/sys/net/ipv4/ip_forward'
  await runCommand('ip', ['netns', 'exec', namespace, 'sh', '-c', `echo 1 > ${file}`])
}
