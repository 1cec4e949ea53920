import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerCertificate } from 'simulated-cloud'
import { type Oss, openOss, type PolicyStatement } from '../../../app/oss/index.ts'
import { presignUrl } from '../../../app/signing/index.ts'

export const BUCKET = 'releases'
export const REGION = 'ap-southeast-1'
const OWNER = { accessKeyId: 'OWNER', accessKeySecret: 'secret-of-owner' }

export interface ReleaseStoreOptions {
  /** @default plain http */
  certificate?: ServerCertificate
  /** Milliseconds that the service's clock is ahead of the machine's. @default 0 */
  ahead?: number
}

/** A bucket for releases that temporary credentials can read, with failures on demand. */
export class ReleaseStore {
  /** What the temporary credentials may do. */
  allowed: PolicyStatement[] = [
    { Effect: 'Allow', Action: ['oss:GetObject'], Resource: [`acs:oss:*:*:${BUCKET}/*`] },
  ]
  /** Ids of temporary credentials that have ended. */
  readonly ended = new Set<string>()
  /** Answers a read instead of the service when it returns true. */
  instead: (request: IncomingMessage, response: ServerResponse) => boolean = () => false
  /** Reads so far, as paths. */
  readonly reads: string[] = []
  readonly #now: () => Date
  readonly #dir: string
  readonly #oss: Oss
  readonly #servers: Server[] = []
  #origin = ''
  #ownOrigin = ''

  /** Opens it; the secret and the token of temporary credentials follow from their id. */
  static async open({ certificate, ahead = 0 }: ReleaseStoreOptions = {}): Promise<ReleaseStore> {
    const dir = await mkdtemp(join(tmpdir(), 'releases-'))
    const now = (): Date => new Date(Date.now() + ahead)
    const opened = await openOss({
      dir,
      region: REGION,
      buckets: [{ name: BUCKET }],
      now,
      keys: (id) => (id === OWNER.accessKeyId ? OWNER : store.#temporary(id)),
    })
    const store = new ReleaseStore(dir, opened, now)
    const read = (request: IncomingMessage, response: ServerResponse): void => {
      store.reads.push(request.url ?? '')
      response.setHeader('Date', now().toUTCString())
      if (!store.instead(request, response)) void opened.handle(request, response)
    }
    store.#origin = await store.#listen(
      certificate ? createHttpsServer(certificate, read) : createHttpServer(read),
      certificate ? 'https' : 'http',
    )
    // A door that knows neither faults nor certificates.
    store.#ownOrigin = await store.#listen(
      createHttpServer((request, response) => void opened.handle(request, response)),
      'http',
    )
    return store
  }

  constructor(dir: string, oss: Oss, now: () => Date) {
    this.#dir = dir
    this.#oss = oss
    this.#now = now
  }

  /** Where an instance reads from. */
  get origin(): string {
    return this.#origin
  }

  /** Stores an object; returns the SHA-256 of its bytes. */
  async put(key: string, bytes: Buffer): Promise<string> {
    const url = presignUrl({
      method: 'PUT',
      bucket: BUCKET,
      key,
      endpoint: this.#ownOrigin,
      region: REGION,
      credentials: OWNER,
      now: this.#now(),
      expiresInSeconds: 60,
    })
    const reply = await fetch(url, { method: 'PUT', body: new Uint8Array(bytes) })
    if (reply.status !== 200) throw new Error(`${reply.status} ${await reply.text()}`)
    return createHash('sha256').update(bytes).digest('hex')
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
    await rm(this.#dir, { recursive: true })
  }

  #temporary(id: string) {
    return {
      accessKeyId: id,
      accessKeySecret: `secret-of-${id}`,
      securityToken: `token-of-${id}`,
      policies: [{ Version: '1' as const, Statement: this.allowed }],
      ...(this.ended.has(id) ? { expiration: new Date(0) } : {}),
    }
  }

  async #listen(server: Server, scheme: string): Promise<string> {
    this.#servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
    this.#oss.bindDomain(address, BUCKET)
    return `${scheme}://${address}`
  }
}
