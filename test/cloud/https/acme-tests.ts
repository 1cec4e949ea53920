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

/** A certificate authority for the tests of one file, and servers that end with each test. */
export interface AuthorityRig {
  readonly pebble: Pebble
  /** Where the authority looks for answers. */
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

/** To be called in a `describe`: the authority starts before its tests and ends after them. */
export function authorityRig(): AuthorityRig {
  let pebble: Pebble | undefined
  let httpPort = 0
  const servers: HttpsServer[] = []
  const folders = new Set<string>()
  const trusted = getCACertificates('default')
  beforeAll(async () => {
    const program = await findPebble(console.log)
    httpPort = await freePort()
    pebble = await startPebble({ program, httpPort, nonceReject: 15, profiles: PROFILES })
    setDefaultCACertificates([...trusted, pebble.trusted])
  })
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()))
    if (pebble) Object.assign(pebble.door, { isDown: false, fault: () => undefined })
  })
  afterAll(async () => {
    setDefaultCACertificates(trusted)
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
