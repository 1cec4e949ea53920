import { X509Certificate } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { Agent } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { authorityRig, noPebble, PROFILES } from './acme-tests.ts'
import { ask } from './https-server.ts'

describe.skipIf(await noPebble())('certificates of an authority', () => {
  const rig = authorityRig()
  const served = async (folder: string): Promise<X509Certificate> => {
    const text = await readFile(join(folder, 'kept', 'certificate.json'), 'utf8')
    return new X509Certificate((JSON.parse(text) as { chain: string }).chain)
  }

  test('an address gets one by the profile, and the page moves to https', async () => {
    const server = await rig.serve()
    const before = Date.now()
    const status = await server.until('serving')
    const certificate = await served(server.folder)
    expect(certificate.subjectAltName).toBe('IP Address:127.0.0.1')
    expect(certificate.subject).toBe(undefined)
    const lifetime = certificate.validToDate.getTime() - certificate.validFromDate.getTime()
    expect(lifetime / 1000).toBe(PROFILES.shortlived - 1)
    expect(status).toEqual({
      state: 'serving',
      name: '127.0.0.1',
      notAfter: certificate.validToDate.toISOString(),
    })
    expect(Date.parse(status.notAfter ?? '') - before).toBeGreaterThan(159 * 3600_000)

    const page = await ask(`${server.https}/`, { ca: rig.pebble.root })
    expect([page.status, page.body]).toEqual([200, '<title>The page</title>'])
    expect(page.headers['strict-transport-security']).toBe(undefined)
    expect(page.headers['cross-origin-opener-policy']).toBe('same-origin')
    const signature = await ask(`${server.https}/signature`, { ca: rig.pebble.root })
    expect(Object.keys(JSON.parse(signature.body) as object)).toContain('policy')

    const moved = await ask(`${server.http}/a/b?c=%20d`)
    expect([moved.status, moved.headers.location]).toEqual([308, `${server.https}/a/b?c=%20d`])
    expect(moved.headers['cache-control']).toBe('no-store')
    const stays = ['/healthz', '/config.json', '/signature', '/.well-known/acme-challenge/x']
    const answers = await Promise.all(stays.map((path) => ask(server.http + path)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404])
    expect(JSON.parse(answers[1]?.body ?? '')).toMatchObject({
      https: { state: 'serving', url: server.https },
    })

    const kept = join(server.folder, 'kept')
    const files = (await readdir(kept)).toSorted()
    expect(files).toEqual(['account.json', 'certificate.json'])
    const modes = await Promise.all(files.map(async (file) => (await stat(join(kept, file))).mode))
    expect(modes.map((mode) => mode & 0o777)).toEqual([0o600, 0o600])
    const metrics = (await ask(`${server.http}/metrics`)).body
    expect(metrics).toContain('\nhttps_serving 1\n')
    expect(metrics).toContain('\nhttps_issue_attempts_total 1\n')
    expect(metrics).toContain('\nhttps_issue_failures_total 0\n')
    const ends = certificate.validToDate.getTime() / 1000
    expect(metrics).toContain(`\nhttps_certificate_expiry_seconds ${ends}\n`)
  })

  test('a host name gets one, and browsers are told to stay with https until it ends', async () => {
    const server = await rig.serve({ name: 'upload.example.com' })
    await server.until('serving')
    expect((await served(server.folder)).subjectAltName).toBe('DNS:upload.example.com')
    const options = { ca: rig.pebble.root, servername: 'upload.example.com' }
    const page = await ask(`${server.https}/`, options)
    expect(page.status).toBe(200)
    const [, seconds] =
      /^max-age=(\d+)$/.exec(page.headers['strict-transport-security'] ?? '') ?? []
    expect(Number(seconds)).toBeGreaterThan(PROFILES.shortlived - 60)
    expect(Number(seconds)).toBeLessThan(PROFILES.shortlived)
    const moved = await ask(`${server.http}/`)
    const port = new URL(server.https).port
    expect(moved.headers.location).toBe(`https://upload.example.com:${port}/`)
  })

  test('TLS before 1.2 is refused', async () => {
    const server = await rig.serve()
    await server.until('serving')
    const version = (max: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect({
          host: '127.0.0.1',
          port: Number(new URL(server.https).port),
          ca: rig.pebble.root,
          minVersion: 'TLSv1',
          maxVersion: max,
          // With what OpenSSL calls security level 0 it would speak them.
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

  test('a restart serves what is kept at once, and orders nothing', async () => {
    const first = await rig.serve()
    await first.until('serving')
    const { serialNumber } = await served(first.folder)
    await first.close()
    const orders = rig.pebble.door.orders
    const again = await rig.serve({ folder: first.folder })
    await again.until('serving')
    const page = await ask(`${again.https}/`, { ca: rig.pebble.root })
    expect([page.status, page.serial]).toEqual([200, serialNumber])
    // Long enough for an order, had there been a reason for one.
    await sleep(500)
    expect(rig.pebble.door.orders).toBe(orders)
    expect(again.lines.map(([level]) => level)).toEqual(['info'])
  })

  test('renewed again and again under load, not one request fails', async () => {
    // A quarter of the way through what the authority wishes, which is the whole lifetime.
    const server = await rig.serve({ profile: 'seconds', random: 0.25 })
    await server.until('serving')
    const orders = rig.pebble.door.orders
    const kept = new Agent({ keepAlive: true, maxSockets: 1, ca: rig.pebble.root })
    const failures: unknown[] = []
    const serials = new Set<string>()
    const connections = new Set<unknown>()
    let requests = 0
    let done = false
    const load = async (agent: Agent | undefined): Promise<void> => {
      while (!done) {
        const options = agent ? { agent } : { agent: new Agent({ ca: rig.pebble.root }) }
        const answer = await ask(`${server.https}/signature`, options).catch((error: unknown) => {
          failures.push(error)
        })
        requests += 1
        if (answer?.status !== 200) failures.push(answer)
        if (agent) connections.add(answer?.connection)
        else serials.add(answer?.serial ?? '')
        await sleep(10)
      }
    }
    const loads = [load(kept), load(undefined), load(undefined)]
    for (let i = 0; i < 600 && serials.size < 3; i++) await sleep(25)
    done = true
    await Promise.all(loads)
    kept.destroy()
    expect(server.lines.map(([level]) => level)).toEqual(['info', 'info', 'info'])
    expect(failures).toEqual([])
    expect(serials.size).toBe(3)
    expect(connections.size).toBe(1)
    expect(rig.pebble.door.orders - orders).toBe(2)
    expect(requests).toBeGreaterThan(100)
  })

  test('a certificate that was replaced already is replaced once more, by an order of its own', async () => {
    // As soon as the authority wishes.
    const soon = { profile: 'seconds', random: 0 }
    const first = await rig.serve(soon)
    await first.until('serving')
    const old = await readFile(join(first.folder, 'kept', 'certificate.json'), 'utf8')
    const replaced = new X509Certificate((JSON.parse(old) as { chain: string }).chain)
    const current = async (): Promise<string> => (await served(first.folder)).serialNumber
    await expect.poll(current, { timeout: 8000 }).not.toBe(replaced.serialNumber)
    await first.close()
    await writeFile(join(first.folder, 'kept', 'certificate.json'), old)
    const { door } = rig.pebble
    const before = door.asked.length
    const again = await rig.serve({ ...soon, folder: first.folder })
    await expect.poll(current, { timeout: 8000 }).not.toBe(replaced.serialNumber)
    // The first is refused with alreadyReplaced, whose place the second takes.
    const calls = door.asked.slice(before).map((path) => path.split('/')[1])
    const ordered = calls.slice(0, calls.indexOf('finalize-order'))
    expect(ordered.filter((call) => call === 'order-plz').length).toBeGreaterThanOrEqual(2)
    expect(again.lines.map(([level]) => level)).toEqual(again.lines.map(() => 'info'))
  })

  test('nonces that the authority refused were taken anew', () => {
    expect(rig.pebble.door.badNonces).toBeGreaterThan(0)
  })
})
