import { mkdtemp, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { get as httpGet } from 'node:http'
import { type Agent, get as httpsGet, type RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { CertificateKeeper } from '../../../app/server/https/renewal/certificate-manager.ts'
import type { HttpsStatus } from '../../../app/server/https/renewal/status.ts'
import { CertificateFolder } from '../../../app/server/https/store/folder-store.ts'
import { KeptState } from '../../../app/server/https/store/replicated-store.ts'
import { startServer } from '../../../app/server/start-server.ts'

/** What came back over http or https. */
export interface Answer {
  status: number
  headers: IncomingMessage['headers']
  body: string
  /** Serial number of the certificate, over https. */
  serial?: string
  /** The same for all that came over one connection. */
  connection?: number
}

/** A signing server with https, and what it logged. */
export interface HttpsServer {
  folder: string
  http: string
  https: string
  /** Level and sentence. */
  lines: [level: string, sentence: string][]
  status(): Promise<HttpsStatus>
  /** @throws Error when it takes more than some seconds */
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

/** Starts a signing server with a page, whose certificates come from an authority on loopback. */
export async function startHttpsServer(options: HttpsServerOptions): Promise<HttpsServer> {
  const { directory, name, httpPort, profile = 'shortlived' } = options
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'https-')))
  await writeFile(join(folder, 'index.html'), '<title>The page</title>')
  const lines: HttpsServer['lines'] = []
  const note = (level: string) => (_fields: object, sentence: string) =>
    void lines.push([level, sentence])
  const log = { info: note('info'), warn: note('warn'), error: note('error') }
  const owner = { directory, profile, name }
  const places = [new CertificateFolder(join(folder, 'kept'))]
  await places[0]?.prepare()
  const keeper = new CertificateKeeper({
    ...owner,
    kept: new KeptState(places, owner, log),
    log,
    random: () => options.random ?? 0.5,
    lookEvery: 30,
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
    https: { keeper, port: 0 },
    closeWithin: 1000,
  })
  const http = `http://127.0.0.1:${httpPort}`
  const status = async (): Promise<HttpsStatus> =>
    (JSON.parse((await ask(`${http}/healthz`)).body) as { https: HttpsStatus }).https
  return {
    folder,
    http,
    https: `https://127.0.0.1:${server.httpsPort}`,
    lines,
    status,
    async until(state) {
      for (let attempt = 0; ; attempt++) {
        const now = await status()
        if (now.state === state) return now
        if (attempt === 400) throw new Error(`${state} is waited for: ${JSON.stringify(now)}`)
        await sleep(25)
      }
    },
    async close() {
      await server.close()
      await keeper.stop()
    },
  }
}

/** Asks once. @throws Error when no answer comes */
export function ask(
  url: string,
  options: RequestOptions & { agent?: Agent } = {},
): Promise<Answer> {
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
