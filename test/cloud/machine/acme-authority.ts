import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { Server, Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { ServerCertificate } from '../control-plane/certificates/certificate-authority.ts'
import { AUTHORITY_ENDPOINT, AUTHORITY_NAME } from './dnsmasq.ts'
import type { NamespaceSockets } from './namespace-sockets.ts'
import { namespacePath } from './network-namespace.ts'

/** What of it does not answer: nothing at all, or no new order. */
export type AuthorityOutage = 'everything' | 'orders'

export interface InternetAuthorityOptions {
  /** Of the internet. */
  namespace: string
  /** That are in there. */
  sockets: NamespaceSockets
  /** Where files are kept. */
  folder: string
  /** Path of Pebble's program. */
  program: string
  /** `address:port` of the name server that it asks for the names it certifies. */
  nameServer: string
  /** A certificate for its own name, which clients trust. */
  issue(host: string): ServerCertificate
  /** PEM of the authority that this is from. */
  trusted: string
}

const ACME_PORT = 14_000
const MANAGEMENT_PORT = 15_000
/** Paths of Pebble, which Let's Encrypt has others for. Source: wfe/wfe.go of Pebble 2.10. */
const PATHS = { directory: '/dir', newOrder: '/order-plz', setRenewalInfo: '/set-renewal-info/' }
/** 160 hours. Source: "Profiles", Let's Encrypt documentation. */
const SHORTLIVED_SECONDS = 576_000

/**
 * A certificate authority of the internet, by the name that Let's Encrypt has: Pebble, its own test
 * server, which comes to port 80 of whom it certifies.
 */
export class InternetAuthority {
  /** PEM of the root that its certificates lead to: visitors trust it. */
  root = ''
  /** PEM of what signs them, which servers send along. */
  intermediate = ''
  /** How many orders it has taken. */
  orders = 0
  /** What does not answer at the moment. */
  outage: AuthorityOutage | undefined
  readonly #options: InternetAuthorityOptions
  readonly #pebble: ChildProcess
  readonly #front: TlsServer
  readonly #open = new Set<Socket>()
  #listener: Server | undefined
  #said = ''

  private constructor(options: InternetAuthorityOptions, config: string) {
    this.#options = options
    const args = ['-config', config, '-dnsserver', options.nameServer]
    const enter = `--net=${namespacePath(options.namespace)}`
    this.#pebble = spawn('nsenter', [enter, options.program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // It sleeps before it looks, to teach patience; it goes on refusing a nonce of twenty.
      env: { PATH: process.env.PATH ?? '', PEBBLE_VA_NOSLEEP: '1' },
    })
    for (const stream of [this.#pebble.stdout, this.#pebble.stderr]) {
      stream?.setEncoding('utf8').on('data', (said: string) => {
        this.#said = (this.#said + said).slice(-20_000)
      })
    }
    this.#front = createTlsServer(options.issue(AUTHORITY_NAME), (request, response) => {
      void this.#forward(request, response).catch(() => request.socket.destroy())
    })
  }

  /** Starts it; it answers when this resolves. @throws Error */
  static async start(options: InternetAuthorityOptions): Promise<InternetAuthority> {
    const { folder, issue, sockets } = options
    const { key, cert } = issue('localhost')
    const [keyFile, certFile] = [join(folder, 'pebble.key'), join(folder, 'pebble.pem')]
    const config = join(folder, 'pebble.json')
    await writeFile(keyFile, key)
    await writeFile(certFile, cert)
    await writeFile(config, JSON.stringify({ pebble: pebbleConfig(keyFile, certFile) }))
    const authority = new InternetAuthority(options, config)
    await authority.#untilThere()
    authority.root = await authority.#manage('GET', '/roots/0')
    authority.intermediate = await authority.#manage('GET', '/intermediates/0')
    authority.#listener = await sockets.listen(AUTHORITY_ENDPOINT, 443)
    authority.#listener.on('connection', (socket: Socket) => authority.#welcome(socket))
    return authority
  }

  /** Has whoever holds a certificate told to renew it now (RFC 9773). @param certificate PEM */
  async wantRenewed(certificate: string): Promise<void> {
    const [start, end] = [2, 1].map((hours) => new Date(Date.now() - hours * 3_600_000))
    const ARIResponse = JSON.stringify({ suggestedWindow: { start, end } })
    const body = JSON.stringify({ Certificate: certificate, ARIResponse })
    await this.#manage('POST', PATHS.setRenewalInfo, body)
  }

  /** What it has said of late: for people. */
  get log(): string {
    return this.#said
  }

  async close(): Promise<void> {
    this.#listener?.close()
    for (const socket of this.#open) socket.destroy()
    if (this.#pebble.exitCode !== null || this.#pebble.signalCode !== null) return
    const ended = new Promise((resolve) => this.#pebble.once('exit', resolve))
    this.#pebble.kill('SIGKILL')
    await ended
  }

  #welcome(socket: Socket): void {
    socket.on('error', () => {})
    if (this.outage === 'everything') {
      socket.destroy()
      return
    }
    this.#open.add(socket)
    socket.once('close', () => this.#open.delete(socket))
    this.#front.emit('connection', socket)
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request
    if (this.outage === 'everything' || (this.outage === 'orders' && url === PATHS.newOrder)) {
      request.socket.destroy()
      return
    }
    const path = url === '/directory' ? PATHS.directory : url
    const connection = await this.#connect(ACME_PORT)
    const passed = httpRequest(
      { createConnection: () => connection, method, path, headers },
      (answer) => {
        if (url === PATHS.newOrder && answer.statusCode === 201) this.orders += 1
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    passed.on('error', () => request.socket.destroy())
    request.pipe(passed)
  }

  async #manage(method: 'GET' | 'POST', path: string, body = ''): Promise<string> {
    const connection = await this.#connect(MANAGEMENT_PORT)
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { 'User-Agent': 'oss-direct-upload' }
      httpRequest({ createConnection: () => connection, method, path, headers }, resolve)
        .on('error', reject)
        .end(body)
    })
    const said = await text(answer)
    if (answer.statusCode !== 200) throw new Error(`Pebble: ${answer.statusCode} ${said}`)
    return said
  }

  async #connect(port: number): Promise<TLSSocket> {
    const socket = await this.#options.sockets.connect('127.0.0.1', port)
    return connectTls({ socket, ca: this.#options.trusted, servername: 'localhost' })
  }

  async #untilThere(): Promise<void> {
    const { sockets } = this.#options
    for (let attempt = 0; ; attempt++) {
      try {
        for (const port of [ACME_PORT, MANAGEMENT_PORT]) {
          ;(await sockets.connect('127.0.0.1', port)).destroy()
        }
        return
      } catch {
        if (this.#pebble.exitCode !== null || attempt > 200) {
          throw new Error(`Pebble did not start: ${this.#said.trim()}`)
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
      classic: { description: 'Ninety days', validityPeriod: 7_776_000 },
      shortlived: { description: 'Six days and a half', validityPeriod: SHORTLIVED_SECONDS },
    },
  }
}
