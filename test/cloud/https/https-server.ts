import { mkdtemp, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { get as httpGet } from 'node:http'
import { type Agent, get as httpsGet, type RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TLSSocket } from 'node:tls'
import { retry } from '../../../app/retry/retry.ts'
import { CertificateManager } from '../../../app/server/https/renewal/certificate-manager.ts'
import type { HttpsStatus } from '../../../app/server/https/renewal/status.ts'
import { FolderStore, ReplicatedStore } from '../../../app/server/https/store/index.ts'
import { startServer } from '../../../app/server/start-server.ts'

/** A response over http or https. */
export interface HttpResponse {
  status: number
  headers: IncomingMessage['headers']
  body: string
  /** Serial number of the certificate, over https. */
  serial?: string
  /** Local port: the same for all responses over one connection. */
  connection?: number
}

/** A signing server with https, and its log. */
export interface HttpsServer {
  folder: string
  http: string
  https: string
  lines: [level: string, message: string][]
  status(): Promise<HttpsStatus>
  /** Waits for a state. @throws Error after 10 seconds */
  until(state: HttpsStatus['state']): Promise<HttpsStatus>
  close(): Promise<void>
}

export interface HttpsServerOptions {
  directory: string
  name: string
  httpPort: number
  profile?: string
  /** @default a new one */
  folder?: string
  now?: () => number
  /** From 0 to 1. @default 0.5 */
  random?: number
}

/** Starts a signing server with a page and certificates of an authority on loopback. */
export async function startHttpsServer(options: HttpsServerOptions): Promise<HttpsServer> {
  const { directory, name, httpPort, profile = 'shortlived' } = options
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'https-')))
  await writeFile(join(folder, 'index.html'), '<title>The page</title>')
  const lines: HttpsServer['lines'] = []
  const logAs = (level: string) => (_fields: object, message: string) =>
    void lines.push([level, message])
  const log = { info: logAs('info'), warn: logAs('warn'), error: logAs('error') }
  const spec = { directory, profile, name }
  const local = new FolderStore(join(folder, 'certificates'))
  await local.prepare()
  const manager = new CertificateManager({
    ...spec,
    store: new ReplicatedStore([local], spec, log),
    log,
    random: () => options.random ?? 0.5,
    pollIntervalMs: 30,
    ...(options.now === undefined ? {} : { now: options.now }),
  })
  const server = await startServer({
    signing: {
      credentials: { accessKeyId: 'LTAI', accessKeySecret: 'top-secret' },
      bucket: 'photos',
      region: 'ap-southeast-1',
      uploadHost: 'https://photos.oss-ap-southeast-1.aliyuncs.com',
    },
    signaturesPerMinute: 1_000_000,
    clientDir: folder,
    port: httpPort,
    host: '127.0.0.1',
    https: { manager, port: 0 },
    closeTimeoutMs: 1000,
  })
  const http = `http://127.0.0.1:${httpPort}`
  const status = async (): Promise<HttpsStatus> =>
    (JSON.parse((await fetchOnce(`${http}/healthz`)).body) as { https: HttpsStatus }).https
  return {
    folder,
    http,
    https: `https://127.0.0.1:${server.httpsPort}`,
    lines,
    status,
    async until(state) {
      return retry(
        async () => {
          const current = await status()
          if (current.state === state) return current
          throw new Error(`not ${state}: ${JSON.stringify(current)}`)
        },
        { delayMs: (_error, attempt) => (attempt <= 400 ? 25 : undefined) },
      )
    },
    async close() {
      await server.close()
      await manager.stop()
    },
  }
}

/** Sends one GET request. @throws Error without a response */
export function fetchOnce(
  url: string,
  options: RequestOptions & { agent?: Agent } = {},
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const get = url.startsWith('https:') ? httpsGet : httpGet
    const request = get(url, options, (response) => {
      const connection = request.socket?.localPort
      const certificate = (response.socket as TLSSocket).getPeerX509Certificate?.()
      text(response).then(
        (body) =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body,
            ...(connection === undefined ? {} : { connection }),
            ...(certificate ? { serial: certificate.serialNumber } : {}),
          }),
        reject,
      )
    })
    request.once('error', reject)
  })
}
