import { X509Certificate } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { Agent } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { acmeTests, noPebble, PROFILES } from './acme-tests.ts'
import { fetchOnce } from './https-server.ts'

describe.skipIf(await noPebble())('certificates of an authority', () => {
  const acme = acmeTests()
  const served = async (folder: string): Promise<X509Certificate> => {
    const text = await readFile(join(folder, 'certificates', 'certificate.json'), 'utf8')
    return new X509Certificate((JSON.parse(text) as { chain: string }).chain)
  }

  test('an address gets one by the profile, and the page moves to https', async () => {
    const server = await acme.serve()
    const before = Date.now()
    const status = await server.until('serving')
    const certificate = await served(server.folder)
    expect(certificate.subjectAltName).toBe('IP Address:127.0.0.1')
    // An empty subject is '' since Node 24.22, undefined before.
    expect(certificate.subject ?? '').toBe('')
    const lifetime = certificate.validToDate.getTime() - certificate.validFromDate.getTime()
    expect(lifetime / 1000).toBe(PROFILES.shortlived - 1)
    expect(status).toEqual({
      state: 'serving',
      name: '127.0.0.1',
      notAfter: certificate.validToDate.toISOString(),
    })
    expect(Date.parse(status.notAfter ?? '') - before).toBeGreaterThan(159 * 3600_000)

    const page = await fetchOnce(`${server.https}/`, { ca: acme.pebble.root })
    expect([page.status, page.body]).toEqual([200, '<title>The page</title>'])
    expect(page.headers['strict-transport-security']).toBe(undefined)
    expect(page.headers['cross-origin-opener-policy']).toBe('same-origin')
    const signature = await fetchOnce(`${server.https}/signature?name=a&size=1`, {
      ca: acme.pebble.root,
    })
    expect(Object.keys(JSON.parse(signature.body) as object)).toContain('policy')

    const moved = await fetchOnce(`${server.http}/a/b?c=%20d`)
    expect([moved.status, moved.headers.location]).toEqual([308, `${server.https}/a/b?c=%20d`])
    expect(moved.headers['cache-control']).toBe('no-store')
    const stays = [
      '/healthz',
      '/config.json',
      '/signature?name=a&size=1',
      '/.well-known/acme-challenge/x',
    ]
    const answers = await Promise.all(stays.map((path) => fetchOnce(server.http + path)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404])
    expect(JSON.parse(answers[1]?.body ?? '')).toMatchObject({
      https: { state: 'serving', url: server.https },
    })

    const stored = join(server.folder, 'certificates')
    const files = (await readdir(stored)).toSorted()
    expect(files).toEqual(['account.json', 'certificate.json'])
    const modes = await Promise.all(
      files.map(async (file) => (await stat(join(stored, file))).mode),
    )
    expect(modes.map((mode) => mode & 0o777)).toEqual([0o600, 0o600])
    const metrics = (await fetchOnce(`${server.http}/metrics`)).body
    expect(metrics).toContain('\nhttps_serving 1\n')
    expect(metrics).toContain('\nhttps_issue_attempts_total 1\n')
    expect(metrics).toContain('\nhttps_issue_failures_total 0\n')
    const ends = certificate.validToDate.getTime() / 1000
    expect(metrics).toContain(`\nhttps_certificate_expiry_seconds ${ends}\n`)
  })

  test('a host name gets one, with Strict-Transport-Security until it expires', async () => {
    const server = await acme.serve({ name: 'upload.example.com' })
    await server.until('serving')
    expect((await served(server.folder)).subjectAltName).toBe('DNS:upload.example.com')
    const options = { ca: acme.pebble.root, servername: 'upload.example.com' }
    const page = await fetchOnce(`${server.https}/`, options)
    expect(page.status).toBe(200)
    const [, seconds] =
      /^max-age=(\d+)$/.exec(page.headers['strict-transport-security'] ?? '') ?? []
    expect(Number(seconds)).toBeGreaterThan(PROFILES.shortlived - 60)
    expect(Number(seconds)).toBeLessThan(PROFILES.shortlived)
    const moved = await fetchOnce(`${server.http}/`)
    const port = new URL(server.https).port
    expect(moved.headers.location).toBe(`https://upload.example.com:${port}/`)
  })

  test('TLS before 1.2 is refused', async () => {
    const server = await acme.serve()
    await server.until('serving')
    const version = (max: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect({
          host: '127.0.0.1',
          port: Number(new URL(server.https).port),
          ca: acme.pebble.root,
          minVersion: 'TLSv1',
          maxVersion: max,
          // At this security level OpenSSL would speak them.
          ciphers: 'DEFAULT@SECLEVEL=0',
        })
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
        socket.once('secureConnect', () => {
          resolve(socket.getProtocol() ?? '')
          socket.destroy()
        })
      })
    expect(await Promise.all([version('TLSv1.1'), version('TLSv1.2'), version('TLSv1.3')])).toEqual(
      ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'TLSv1.2', 'TLSv1.3'],
    )
  })

  test('a restart serves the stored certificate at once, and orders nothing', async () => {
    const first = await acme.serve()
    await first.until('serving')
    const { serialNumber } = await served(first.folder)
    await first.close()
    const orders = acme.pebble.proxy.orders
    const again = await acme.serve({ folder: first.folder })
    await again.until('serving')
    const page = await fetchOnce(`${again.https}/`, { ca: acme.pebble.root })
    expect([page.status, page.serial]).toEqual([200, serialNumber])
    // Long enough for an order.
    await sleep(500)
    expect(acme.pebble.proxy.orders).toBe(orders)
    expect(again.lines.map(([level]) => level)).toEqual(['info'])
  })

  test('no request fails while the certificate is renewed several times', async () => {
    // At a quarter of the window, which is the whole lifetime.
    const server = await acme.serve({ profile: 'seconds', random: 0.25 })
    await server.until('serving')
    const orders = acme.pebble.proxy.orders
    const persistent = new Agent({ keepAlive: true, maxSockets: 1, ca: acme.pebble.root })
    const failures: unknown[] = []
    const serials = new Set<string>()
    const connections = new Set<unknown>()
    let requests = 0
    let done = false
    const load = async (agent: Agent | undefined): Promise<void> => {
      while (!done) {
        const options = agent ? { agent } : { agent: new Agent({ ca: acme.pebble.root }) }
        const answer = await fetchOnce(`${server.https}/signature?name=a&size=1`, options).catch(
          (error: unknown) => {
            failures.push(error)
          },
        )
        requests += 1
        if (answer?.status !== 200) failures.push(answer)
        if (agent) connections.add(answer?.connection)
        else serials.add(answer?.serial ?? '')
        await sleep(10)
      }
    }
    const loads = [load(persistent), load(undefined), load(undefined)]
    for (let i = 0; i < 600 && serials.size < 3; i++) await sleep(25)
    done = true
    await Promise.all(loads)
    persistent.destroy()
    expect(server.lines.map(([level]) => level)).toEqual(['info', 'info', 'info'])
    expect(failures).toEqual([])
    expect(serials.size).toBe(3)
    expect(connections.size).toBe(1)
    expect(acme.pebble.proxy.orders - orders).toBe(2)
    expect(requests).toBeGreaterThan(100)
  })

  test('a certificate that is replaced already is renewed by an order that replaces none', async () => {
    // At the start of the window.
    const soon = { profile: 'seconds', random: 0 }
    const first = await acme.serve(soon)
    await first.until('serving')
    const old = await readFile(join(first.folder, 'certificates', 'certificate.json'), 'utf8')
    const replaced = new X509Certificate((JSON.parse(old) as { chain: string }).chain)
    const current = async (): Promise<string> => (await served(first.folder)).serialNumber
    await expect.poll(current, { timeout: 8000 }).not.toBe(replaced.serialNumber)
    await first.close()
    await writeFile(join(first.folder, 'certificates', 'certificate.json'), old)
    const { proxy } = acme.pebble
    const before = proxy.paths.length
    const again = await acme.serve({ ...soon, folder: first.folder })
    await expect.poll(current, { timeout: 8000 }).not.toBe(replaced.serialNumber)
    // The first order is refused with alreadyReplaced.
    const calls = proxy.paths.slice(before).map((path) => path.split('/')[1])
    const ordered = calls.slice(0, calls.indexOf('finalize-order'))
    expect(ordered.filter((call) => call === 'order-plz').length).toBeGreaterThanOrEqual(2)
    expect(again.lines.map(([level]) => level)).toEqual(again.lines.map(() => 'info'))
  })

  test('refused nonces were replaced', () => {
    expect(acme.pebble.proxy.badNonces).toBeGreaterThan(0)
  })
})
