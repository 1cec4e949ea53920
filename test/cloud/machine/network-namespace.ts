import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attemptCommand, runCommand } from './command.ts'

const NAMED = '/run/netns'
/** `ip netns exec` lays the files in here over those in /etc. */
const CONFIGURED = '/etc/netns'

/** Path of a network namespace, for programs that enter it. */
export function namespacePath(name: string): string {
  return join(NAMED, name)
}

/**
 * Makes a network namespace with its loopback up.
 *
 * @param nameServer Of programs that `ip netns exec` starts in it. @default none
 */
export async function makeNamespace(name: string, nameServer?: string): Promise<void> {
  await runCommand('ip', ['netns', 'add', name])
  await runCommand('ip', ['-n', name, 'link', 'set', 'lo', 'up'])
  if (nameServer === undefined) return
  await mkdir(join(CONFIGURED, name), { recursive: true })
  await writeFile(join(CONFIGURED, name, 'resolv.conf'), `nameserver ${nameServer}\n`)
}

/** Removes a network namespace; the interfaces in it go with it. */
export async function removeNamespace(name: string): Promise<void> {
  await attemptCommand('ip', ['netns', 'del', name])
  await rm(join(CONFIGURED, name), { recursive: true, force: true })
}

/** Names of the network namespaces of a run. */
export async function namespacesOf(run: string): Promise<string[]> {
  const found = new Set<string>()
  for (const folder of [NAMED, CONFIGURED]) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (name.startsWith(`${run}-`)) found.add(name)
    }
  }
  return [...found]
}

/** Several commands of ip(8) in a namespace, in order, each without the leading `ip`. */
export async function ipBatch(namespace: string, lines: readonly string[]): Promise<void> {
  await runCommand('ip', ['-n', namespace, '-batch', '-'], { input: `${lines.join('\n')}\n` })
}

/** Lets a namespace pass packets on. */
export async function forwardPackets(namespace: string): Promise<void> {
  const file = '/proc/sys/net/ipv4/ip_forward'
  await runCommand('ip', ['netns', 'exec', namespace, 'sh', '-c', `echo 1 > ${file}`])
}
