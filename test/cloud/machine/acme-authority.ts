import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { ServerCertificate } from 'simulated-cloud'
import { AUTHORITY_ENDPOINT, AUTHORITY_NAME } from './dnsmasq.ts'
import type { NamespaceSockets } from './namespace-sockets.ts'
import { namespacePath } from './network-namespace.ts'
import { type HttpService, serveConnections } from './serve-connections.ts'

/** What does not answer: all requests, or new orders. */
export type AuthorityOutage = 'everything' | 'orders'

export interface AcmeAuthorityOptions {
  /** Network namespace of the internet. */
  namespace: string
  /** In that namespace. */
  sockets: NamespaceSockets
  /** For its files. */
  folder: string
  /** Path of Pebble's executable. */
  program: string
  /** `address:port` of the DNS server for the names to certify. */
  nameServer: string
  /** Returns a certificate for its own name, which clients trust. */
  issue(host: string): ServerCertificate
  /** PEM of the authority of that certificate. */
  trusted: string
}

const ACME_PORT = 14_000
const MANAGEMENT_PORT = 15_000
/** Paths of Pebble, which differ from those of Let's Encrypt. Source: wfe/wfe.go of Pebble 2.10. */
const PATHS = { directory: '/dir', newOrder: '/order-plz', setRenewalInfo: '/set-renewal-info/' }
/** 160 hours. Source: "Profiles", Let's Encrypt documentation. */
const SHORTLIVED_SECONDS = 576_000

/**
 * A certificate authority on the internet under the host name of Let's Encrypt: Pebble, its test
 * server, which validates over port 80.
 */
export class AcmeAuthority {
  /** PEM of its root certificate, which visitors trust. */
  root = ''
  /** PEM of its intermediate certificate, which servers send along. */
  intermediate = ''
  /** Number of accepted orders. */
  orders = 0
  /** @default undefined, everything answers */
  outage: AuthorityOutage | undefined
  readonly #options: AcmeAuthorityOptions
  readonly #pebble: ChildProcess
  readonly #proxy: TlsServer
  #service: HttpService | undefined
  #output = ''

  private constructor(options: AcmeAuthorityOptions, config: string) {
    this.#options = options
    const args = ['-config', config, '-dnsserver', options.nameServer]
    const enter = `--net=${namespacePath(options.namespace)}`
    this.#pebble = spawn('nsenter', [enter, options.program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Pebble sleeps before it validates, unless told not to.
      env: { PATH: process.env.PATH ?? '', PEBBLE_VA_NOSLEEP: '1' },
    })
    for (const stream of [this.#pebble.stdout, this.#pebble.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-20_000)
      })
    }
    this.#proxy = createTlsServer(options.issue(AUTHORITY_NAME), (request, response) => {
      void this.#forward(request, response).catch(() => request.socket.destroy())
    })
  }

  /** Starts it, and waits until it answers. @throws Error when it does not */
  static async start(options: AcmeAuthorityOptions): Promise<AcmeAuthority> {
    const { folder, issue, sockets } = options
    const { key, cert } = issue('localhost')
    const [keyFile, certFile] = [join(folder, 'pebble.key'), join(folder, 'pebble.pem')]
    const config = join(folder, 'pebble.json')
    await writeFile(keyFile, key)
    await writeFile(certFile, cert)
    await writeFile(config, JSON.stringify({ pebble: pebbleConfig(keyFile, certFile) }))
    const authority = new AcmeAuthority(options, config)
    await authority.#waitUntilReady()
    authority.root = await authority.#manage('GET', '/roots/0')
    authority.intermediate = await authority.#manage('GET', '/intermediates/0')
    const listener = await sockets.listen(AUTHORITY_ENDPOINT, 443)
    authority.#proxy.prependListener('connection', (socket: Socket) => {
      if (authority.outage === 'everything') socket.destroy()
    })
    authority.#service = serveConnections(listener, authority.#proxy)
    return authority
  }

  /** Asks clients to renew a certificate now (RFC 9773). @param certificate PEM */
  async requestRenewal(certificate: string): Promise<void> {
    const [start, end] = [2, 1].map((hours) => new Date(Date.now() - hours * 3_600_000))
    const ARIResponse = JSON.stringify({ suggestedWindow: { start, end } })
    const body = JSON.stringify({ Certificate: certificate, ARIResponse })
    await this.#manage('POST', PATHS.setRenewalInfo, body)
  }

  /** The end of Pebble's output. */
  get log(): string {
    return this.#output
  }

  async close(): Promise<void> {
    this.#service?.close()
    if (this.#pebble.exitCode !== null || this.#pebble.signalCode !== null) return
    const ended = new Promise((resolve) => this.#pebble.once('exit', resolve))
    this.#pebble.kill('SIGKILL')
    await ended
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request
    if (this.outage === 'everything' || (this.outage === 'orders' && url === PATHS.newOrder)) {
      request.socket.destroy()
      return
    }
    const path = url === '/directory' ? PATHS.directory : url
    const connection = await this.#connect(ACME_PORT)
    const forwarded = httpRequest(
      { createConnection: () => connection, method, path, headers },
      (answer) => {
        if (url === PATHS.newOrder && answer.statusCode === 201) this.orders += 1
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    forwarded.on('error', () => request.socket.destroy())
    request.pipe(forwarded)
  }

  async #manage(method: 'GET' | 'POST', path: string, body = ''): Promise<string> {
    const connection = await this.#connect(MANAGEMENT_PORT)
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { 'User-Agent': 'oss-direct-upload' }
      httpRequest({ createConnection: () => connection, method, path, headers }, resolve)
        .on('error', reject)
        .end(body)
    })
    const content = await text(answer)
    if (answer.statusCode !== 200) throw new Error(`Pebble: ${answer.statusCode} ${content}`)
    return content
  }

  async #connect(port: number): Promise<TLSSocket> {
    const socket = await this.#options.sockets.connect('127.0.0.1', port)
    return connectTls({ socket, ca: this.#options.trusted, servername: 'localhost' })
  }

  async #waitUntilReady(): Promise<void> {
    const { sockets } = this.#options
    for (let attempt = 0; ; attempt++) {
      try {
        for (const port of [ACME_PORT, MANAGEMENT_PORT]) {
          ;(await sockets.connect('127.0.0.1', port)).destroy()
        }
        return
      } catch {
        if (this.#pebble.exitCode !== null || attempt > 200) {
          throw new Error(`Pebble did not start: ${this.#output.trim()}`)
        }
        await sleep(50)
      }
    }
  }
}

function pebbleConfig(privateKey: string, certificate: string): object {
  return {
    listenAddress: `127.0.0.1:${ACME_PORT}`,
    managementListenAddress: `127.0.0.1:${MANAGEMENT_PORT}`,
    certificate,
    privateKey,
    httpPort: 80,
    tlsPort: 443,
    keyAlgorithm: 'ecdsa',
    retryAfter: { authz: 1, order: 1 },
    profiles: {
      classic: { description: '90 days', validityPeriod: 7_776_000 },
      shortlived: { description: '160 hours', validityPeriod: SHORTLIVED_SECONDS },
    },
  }
}
