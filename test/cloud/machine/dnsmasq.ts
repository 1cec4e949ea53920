import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runCommand } from './command.ts'
import { namespacePath } from './network-namespace.ts'
import { INTERNAL_ENDPOINT } from './nftables-rules.ts'

/** Address of the cloud's public host names. */
export const PUBLIC_ENDPOINT = '198.51.100.10'

/** Of the cloud; OSS publishes the key of its callbacks in the second. */
const DOMAINS = ['aliyuncs.com', 'alicdn.com']

/** Host name and address of the certificate authority on the internet. */
export const AUTHORITY_NAME = 'acme-v02.api.letsencrypt.org'
export const AUTHORITY_ENDPOINT = '198.51.100.30'

/** The address that a machine gets by DHCP. */
export interface Lease {
  mac: string
  address: string
  hostName: string
}

export interface DnsmasqOptions {
  namespace: string
  /** For its files. */
  folder: string
  /** That it listens at. */
  addresses: readonly string[]
  /** Serves DHCP on the interface `inside`. @default no DHCP */
  dhcp?: { network: string; netmask: string; router: string; nameServers: readonly string[] }
}

/** dnsmasq in a namespace: DNS for the names of the cloud and the authority alone, and DHCP for known machines. */
export class Dnsmasq {
  readonly #namespace: string
  readonly #args: readonly string[]
  readonly #hosts: string
  readonly #leases = new Map<string, Lease>()
  readonly #names = new Map<string, readonly string[]>()
  #process: ChildProcess | undefined

  private constructor(namespace: string, args: readonly string[], hosts: string) {
    this.#namespace = namespace
    this.#args = args
    this.#hosts = hosts
  }

  /** Starts it, and waits until it answers. @throws Error when it does not */
  static async start(options: DnsmasqOptions): Promise<Dnsmasq> {
    const { namespace, folder } = options
    const hosts = join(folder, `${namespace}.dhcp-hosts`)
    await writeFile(hosts, '')
    await writeFile(namesFile(hosts), '')
    const service = new Dnsmasq(namespace, dnsmasqArguments(options, hosts), hosts)
    await service.#start()
    return service
  }

  /** Reserves an address for a machine. */
  async addLease(lease: Lease): Promise<void> {
    this.#leases.set(lease.mac, lease)
    await this.#writeHosts()
    // Makes it read the file again.
    this.#process?.kill('SIGHUP')
  }

  /** Makes a name resolve to addresses; with none, removes it. */
  async setName(name: string, addresses: readonly string[]): Promise<void> {
    if (addresses.length > 0) this.#names.set(name, addresses)
    else this.#names.delete(name)
    const lines = [...this.#names].flatMap(([each, all]) => all.map((to) => `${to} ${each}\n`))
    await writeFile(namesFile(this.#hosts), lines.join(''))
    this.#process?.kill('SIGHUP')
  }

  /** Releases the address of a machine. */
  async removeLease(mac: string): Promise<void> {
    if (!this.#leases.delete(mac)) return
    await this.#writeHosts()
    // It keeps leases in memory, so only a restart releases one.
    await this.stop()
    await this.#start()
  }

  async stop(): Promise<void> {
    const running = this.#process
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const ended = new Promise((resolve) => running.once('exit', resolve))
    running.kill('SIGTERM')
    await ended
  }

  async #start(): Promise<void> {
    const enter = [`--net=${namespacePath(this.#namespace)}`, 'dnsmasq', ...this.#args]
    const child = spawn('nsenter', enter, { stdio: ['ignore', 'ignore', 'pipe'] })
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4000)
    })
    this.#process = child
    for (let attempt = 0; !(await isListening(this.#namespace)); attempt++) {
      if (child.exitCode !== null || attempt > 200) throw new Error(`dnsmasq: ${output.trim()}`)
      await sleep(25)
    }
  }

  async #writeHosts(): Promise<void> {
    const lines = [...this.#leases.values()].map(
      ({ mac, address, hostName }) => `${mac},${address},${hostName},infinite\n`,
    )
    await writeFile(this.#hosts, lines.join(''))
  }
}

function dnsmasqArguments({ addresses, dhcp }: DnsmasqOptions, hosts: string): string[] {
  return [
    '--keep-in-foreground',
    '--conf-file=/dev/null',
    '--pid-file=',
    '--user=root',
    '--log-facility=-',
    '--no-hosts',
    `--addn-hosts=${namesFile(hosts)}`,
    '--no-resolv',
    '--bind-interfaces',
    ...addresses.map((address) => `--listen-address=${address}`),
    '--local=/#/',
    ...DOMAINS.map((domain) => `--address=/${domain}/${PUBLIC_ENDPOINT}`),
    `--address=/${AUTHORITY_NAME}/${AUTHORITY_ENDPOINT}`,
    `--address=/*-internal.aliyuncs.com/${INTERNAL_ENDPOINT}`,
    ...(dhcp
      ? [
          `--dhcp-range=${dhcp.network},static,${dhcp.netmask}`,
          `--dhcp-hostsfile=${hosts}`,
          `--dhcp-option=option:router,${dhcp.router}`,
          `--dhcp-option=option:dns-server,${dhcp.nameServers.join(',')}`,
          '--dhcp-authoritative',
          '--leasefile-ro',
          '--no-ping',
        ]
      : []),
  ]
}

function namesFile(hosts: string): string {
  return `${hosts}-names`
}

async function isListening(namespace: string): Promise<boolean> {
  const args = [
    'netns',
    'exec',
    namespace,
    'ss',
    '--listening',
    '--numeric',
    '--udp',
    '--no-header',
  ]
  return (await runCommand('ip', args)).includes(':53 ')
}
