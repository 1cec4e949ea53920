import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type EmbeddedOss, startEmbeddedOss } from '../../app/oss/index.ts'
import { createApp } from '../../app/server/create-app.ts'
import type { SigningOptions } from '../../app/server/signing-options.ts'

/** A signing server with an embedded OSS, without a page. */
export interface Embedded {
  serverUrl: string
  oss: EmbeddedOss
  /** Reported server errors. */
  reported: unknown[]
  close(): Promise<void>
}

/**
 * Starts both.
 *
 * @param dir Folder of the buckets
 * @param signing Returns additional signing options
 */
export async function startEmbedded(
  dir: string,
  signing: (serverUrl: string, oss: EmbeddedOss) => Partial<SigningOptions> = () => ({}),
): Promise<Embedded> {
  const key = { accessKeyId: 'LTAI5tLarge', accessKeySecret: 'secret' }
  const oss = await startEmbeddedOss({
    dir,
    keys: [key],
    buckets: [{ name: 'large-bucket' }],
    bucketOfAddress: 'large-bucket',
    allowPrivateCallbacks: true,
  })
  const server: Server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const reported: unknown[] = []
  const app = createApp({
    report: (error) => void reported.push(error),
    signaturesPerMinute: 100_000,
    signing: {
      credentials: key,
      bucket: 'large-bucket',
      region: 'ap-southeast-1',
      uploadHost: `http://127.0.0.1:${oss.port}`,
      naming: 'keep',
      multipart: {},
      ...signing(serverUrl, oss),
    },
  })
  server.on('request', app)
  return {
    serverUrl,
    oss,
    reported,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await oss.close()
    },
  }
}
