import { rm } from 'node:fs/promises'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { freePort } from '../../free-port.ts'
import { ToolchainError } from '../toolchain/go-program.ts'
import { findPebble } from '../toolchain/pebble.ts'
import { type HttpsServer, type HttpsServerOptions, startHttpsServer } from './https-server.ts'
import { type Pebble, startPebble } from './pebble.ts'

/** Seconds. Let's Encrypt's `shortlived` lasts for 160 hours. */
export const PROFILES = { classic: 90 * 86_400, shortlived: 160 * 3600, seconds: 10 }

/** A certificate authority for the tests of one file, and servers that close after each test. */
export interface AcmeTests {
  readonly pebble: Pebble
  /** Port on which the authority fetches responses to challenges. */
  readonly httpPort: number
  serve(options?: Partial<HttpsServerOptions>): Promise<HttpsServer>
}

/** @returns Why there is no Pebble; undefined when there is */
export async function noPebble(): Promise<string | undefined> {
  try {
    await findPebble(console.log)
    return undefined
  } catch (error) {
    if (!(error instanceof ToolchainError)) throw error
    console.log(`SKIPPED: no certificate was ordered from an authority, because\n${error.message}`)
    return error.message
  }
}

/** Call it in a `describe`: the authority starts before the tests and stops after them. */
export function acmeTests(): AcmeTests {
  let pebble: Pebble | undefined
  let httpPort = 0
  const servers: HttpsServer[] = []
  const folders = new Set<string>()
  const defaultCas = getCACertificates('default')
  beforeAll(async () => {
    const program = await findPebble(console.log)
    httpPort = await freePort()
    pebble = await startPebble({ program, httpPort, nonceReject: 15, profiles: PROFILES })
    setDefaultCACertificates([...defaultCas, pebble.ca])
  })
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()))
    if (pebble) Object.assign(pebble.proxy, { isDown: false, fault: () => undefined })
  })
  afterAll(async () => {
    setDefaultCACertificates(defaultCas)
    await pebble?.stop()
    await Promise.all([...folders].map((folder) => rm(folder, { recursive: true })))
  })
  return {
    get pebble() {
      if (pebble === undefined) throw new Error('Pebble has not started')
      return pebble
    },
    get httpPort() {
      return httpPort
    },
    async serve(options = {}) {
      const { directory } = this.pebble
      const server = await startHttpsServer({ directory, name: '127.0.0.1', httpPort, ...options })
      servers.push(server)
      folders.add(server.folder)
      return server
    },
  }
}
