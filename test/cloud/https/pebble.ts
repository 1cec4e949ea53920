import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../free-port.ts'
import { CertificateAuthority } from '../control-plane/certificates/certificate-authority.ts'
import { AuthorityDoor } from './acme-proxy.ts'
import { startNameServer } from './name-server.ts'

/** Pebble behind a door, as an authority that everybody in this process trusts. */
export interface Pebble {
  door: AuthorityDoor
  /** Of the directory, through the door. */
  directory: string
  /** PEM of who vouches for the certificates that it issues. */
  root: string
  /** PEM of who vouches for its own addresses. */
  trusted: string
  stop(): Promise<void>
}

export interface PebbleOptions {
  program: string
  /** Port on which it looks for answers to challenges. */
  httpPort: number
  /** Percentage of good nonces that it refuses. */
  nonceReject: number
  /** Lifetimes in seconds, by profile. */
  profiles: Record<string, number>
}

/** Starts Pebble on loopback; names lead to 127.0.0.1. @throws Error */
export async function startPebble(options: PebbleOptions): Promise<Pebble> {
  const authority = new CertificateAuthority()
  const trusted = authority.certificate
  const own = authority.issue('127.0.0.1')
  const folder = await mkdtemp(join(tmpdir(), 'pebble-'))
  const [port, management, names] = await Promise.all([freePort(), freePort(), startNameServer()])
  const profiles = Object.entries(options.profiles).map(([name, validityPeriod]) => [
    name,
    { description: name, validityPeriod },
  ])
  const pebble = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: join(folder, 'cert.pem'),
    privateKey: join(folder, 'key.pem'),
    httpPort: options.httpPort,
    tlsPort: 1,
    keyAlgorithm: 'ecdsa',
    profiles: Object.fromEntries(profiles),
  }
  await writeFile(pebble.certificate, own.cert)
  await writeFile(pebble.privateKey, own.key, { mode: 0o600 })
  const config = join(folder, 'config.json')
  await writeFile(config, JSON.stringify({ pebble }))
  const child = spawn(
    options.program,
    ['-strict', '-config', config, '-dnsserver', names.address],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PEBBLE_VA_NOSLEEP: '1',
        PEBBLE_WFE_NONCEREJECT: String(options.nonceReject),
        // A valid authorization is never used again: every order is checked.
        PEBBLE_AUTHZREUSE: '0',
      },
    },
  )
  const ended = once(child, 'exit')
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    said = (said + more).slice(-20_000)
  })
  const behind = `https://127.0.0.1:${port}`
  while (!said.includes('ACME directory available at')) {
    await Promise.race([once(child.stdout, 'data'), ended])
    if (child.exitCode !== null) throw new Error(`Pebble: ${said}`)
  }
  const root = await read(`https://127.0.0.1:${management}/roots/0`, trusted)
  const door = new AuthorityDoor(behind, trusted, own)
  return {
    door,
    directory: `${await door.open()}/dir`,
    root,
    trusted,
    async stop() {
      await door.close()
      child.kill('SIGTERM')
      await Promise.all([ended, names.close()])
      await rm(folder, { recursive: true })
    },
  }
}

/** Tries until it listens, which it says a moment before it does. */
async function read(url: string, ca: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      const [response] = await once(get(url, { ca }), 'response')
      return await text(response)
    } catch (error) {
      if (attempt === 100) throw error
      await sleep(20)
    }
  }
}
