import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { CertificateAuthority } from 'simulated-cloud'
import { retry } from '../../../app/retry/retry.ts'
import { freePort } from '../../free-port.ts'
import { AcmeProxy } from './acme-proxy.ts'
import { startNameServer } from './name-server.ts'

/** Pebble behind a proxy, as an authority that this process trusts. */
export interface Pebble {
  proxy: AcmeProxy
  /** URL of the directory, through the proxy. */
  directory: string
  /** PEM of the root of the certificates that it issues. */
  root: string
  /** PEM of the CA of its own TLS certificate. */
  ca: string
  stop(): Promise<void>
}

export interface PebbleOptions {
  program: string
  /** Port on which it fetches responses to challenges. */
  httpPort: number
  /** Percentage of valid nonces that it refuses. */
  nonceReject: number
  /** Lifetimes in seconds, by profile. */
  profiles: Record<string, number>
}

/** Starts Pebble on loopback; every name resolves to 127.0.0.1. @throws Error */
export async function startPebble(options: PebbleOptions): Promise<Pebble> {
  const authority = new CertificateAuthority()
  const ca = authority.certificate
  const certificate = authority.issue('127.0.0.1')
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
  await writeFile(pebble.certificate, certificate.cert)
  await writeFile(pebble.privateKey, certificate.key, { mode: 0o600 })
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
        // Never reuses a valid authorization, so that every order is validated.
        PEBBLE_AUTHZREUSE: '0',
      },
    },
  )
  const ended = once(child, 'exit')
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    output = (output + more).slice(-20_000)
  })
  const origin = `https://127.0.0.1:${port}`
  while (!output.includes('ACME directory available at')) {
    await Promise.race([once(child.stdout, 'data'), ended])
    if (child.exitCode !== null) throw new Error(`Pebble: ${output}`)
  }
  const root = await fetchText(`https://127.0.0.1:${management}/roots/0`, ca)
  const proxy = new AcmeProxy(origin, ca, certificate)
  return {
    proxy,
    directory: `${await proxy.listen()}/dir`,
    root,
    ca,
    async stop() {
      await proxy.close()
      child.kill('SIGTERM')
      await Promise.all([ended, names.close()])
      await rm(folder, { recursive: true })
    },
  }
}

/** Retries, because Pebble prints that it listens shortly before it does. */
function fetchText(url: string, ca: string): Promise<string> {
  return retry(
    async () => {
      const [response] = await once(get(url, { ca }), 'response')
      return text(response)
    },
    { delayMs: (_error, attempt) => (attempt <= 100 ? 20 : undefined) },
  )
}
