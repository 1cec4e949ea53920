import type { ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { duplexPair } from 'node:stream'
import {
  admits,
  type CertificateAuthority,
  type Hardware,
  type MachineDescription,
  type Probe,
  type ProbeResult,
  type Web,
  type Wire,
} from 'simulated-cloud'
import { parse } from 'yaml'

interface CloudConfig {
  write_files: { path: string; content: string }[]
}

/** Hardware that boots nothing: answers for an instance's page as the release in its user data would. */
export class FakePage implements Hardware {
  readonly #machines = new Map<string, MachineDescription>()
  /** Whether pages never come up, for all instances or by their settings. */
  broken: boolean | ((settings: Record<string, string>) => boolean) = false
  /** Issues the certificates of pages with https, which fail without it. */
  authority: CertificateAuthority | undefined
  /** What such a page reports without an authority. */
  problem = 'The certificate authority cannot be reached.'

  /** Answers by HTTP, for the simulated cloud. */
  readonly web: Web = ({ instanceId, url }, _request, response) =>
    this.#answer(instanceId, url, response)

  /** Answers by HTTPS. */
  readonly wire: Wire = async ({ instanceId, port }) => {
    const name = this.#machines.has(instanceId)
      ? this.environment(instanceId).HTTPS_NAME
      : undefined
    if (port !== 443 || !name || !this.authority) throw new Error('Nothing listens there')
    const [client, server] = duplexPair()
    createTlsServer(this.authority.issue(name), ({ url = '/' }, response) =>
      this.#answer(instanceId, url, response),
    ).emit('connection', server)
    return client
  }

  #answer(instanceId: string, url: string, response: ServerResponse): void {
    if (!this.#works(instanceId)) {
      response.writeHead(502).end()
      return
    }
    if (url !== '/healthz') {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>')
      return
    }
    const {
      RELEASE: release,
      HTTPS_NAME: name,
      TRUSTED_PROXIES: proxies,
    } = this.environment(instanceId)
    const https = this.authority
      ? { state: 'serving', name }
      : { state: 'failing', name, problem: this.problem }
    const more = { ...(proxies ? { instance: instanceId } : {}), ...(name ? { https } : {}) }
    const answer = JSON.stringify({ status: 'ok', release, ...more })
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
  }

  #works(instanceId: string): boolean {
    if (!this.#machines.has(instanceId)) return false
    return typeof this.broken === 'boolean'
      ? !this.broken
      : !this.broken(this.environment(instanceId))
  }

  /** Answers a load balancer's health check. */
  async probe({ instanceId, source, port, rules }: Probe): Promise<ProbeResult> {
    if (!admits(rules, port, source)) return { reason: 'CONNECT_TIMEOUT' }
    return this.#works(instanceId) ? { status: 200 } : { status: 502 }
  }

  /** Returns the instances that have not been removed. */
  machines(): MachineDescription[] {
    return [...this.#machines.values()]
  }

  /** Returns the release of each of them. */
  releases(): string[] {
    return this.machines().map(({ instanceId }) => this.environment(instanceId).RELEASE ?? '')
  }

  /** Returns the user data of an instance. @throws Error when it has been removed */
  userData(instanceId: string): string {
    const machine = this.#machines.get(instanceId)
    if (!machine) throw new Error(`There is no machine ${instanceId}`)
    return machine.userData
  }

  /** Returns the content of a file that user data writes. */
  file(instanceId: string, path: string): string {
    const { write_files } = parse(this.userData(instanceId)) as CloudConfig
    const found = write_files.find((file) => file.path === path)
    if (!found) throw new Error(`User data writes no ${path}`)
    return found.content
  }

  /** Returns the server's environment variables from user data. */
  environment(instanceId: string): Record<string, string> {
    const text = this.file(instanceId, '/etc/oss-direct-upload/settings.env')
    const lines = text.matchAll(/^(\w+)="?(.*?)"?$/gm)
    return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]))
  }

  async start(machine: MachineDescription): Promise<void> {
    this.#machines.set(machine.instanceId, machine)
  }

  async stop(): Promise<void> {}

  async remove(instanceId: string): Promise<void> {
    this.#machines.delete(instanceId)
  }

  async route(): Promise<void> {}
}
