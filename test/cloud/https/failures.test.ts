import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { freePort } from '../../free-port.ts'
import { acmeTests, noPebble } from './acme-tests.ts'
import { fetchOnce, type HttpsServer } from './https-server.ts'

const HOUR = 3600_000
const DAY = 24 * HOUR

describe.skipIf(await noPebble())('failures of an authority', () => {
  const acme = acmeTests()
  const page = async (server: HttpsServer): Promise<[number, string]> => {
    const { status, body } = await fetchOnce(`${server.http}/`)
    return [status, body]
  }
  const notice = async (server: HttpsServer): Promise<unknown> =>
    (JSON.parse((await fetchOnce(`${server.http}/config.json`)).body) as { https: unknown }).https
  /** Seconds until the next attempt. */
  const delay = (nextAttempt: string | undefined): number =>
    (Date.parse(nextAttempt ?? '') - Date.now()) / 1000

  test('an authority that is down: the page over http, why, and https once it is back', async () => {
    acme.pebble.proxy.isDown = true
    const server = await acme.serve()
    const status = await server.until('failing')
    const host = new URL(acme.pebble.directory).host
    const problem =
      `No certificate for 127.0.0.1 from the certificate authority: ${host} does not answer ` +
      '(UND_ERR_SOCKET). Let this machine reach it on port 443: public address, bandwidth, security group, name service.'
    expect(status).toMatchObject({ state: 'failing', name: '127.0.0.1', problem })
    expect(server.lines).toEqual([['error', `https: ${problem}`]])
    expect(await page(server)).toEqual([200, '<title>The page</title>'])
    expect(await notice(server)).toEqual({
      state: 'failing',
      url: server.https,
      reason: 'caUnreachable',
    })
    const refused = await fetchOnce(`${server.https}/`).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'ECONNRESET' })
    expect(delay(status.nextAttempt)).toBeLessThan(6)
    acme.pebble.proxy.isDown = false
    await server.until('serving')
    expect((await fetchOnce(`${server.https}/`, { ca: acme.pebble.root })).status).toBe(200)
  })

  test('waits after a rate limit as long as the authority asks for, and no longer', async () => {
    const { proxy } = acme.pebble
    const orders = proxy.orders
    proxy.fault = (path) =>
      path === '/order-plz' && proxy.orders === orders + 1
        ? {
            status: 429,
            headers: { 'Retry-After': '2', 'Content-Type': 'application/problem+json' },
            body: {
              type: 'urn:ietf:params:acme:error:rateLimited',
              detail: 'too many certificates (5) already issued for this exact set of identifiers',
            },
          }
        : undefined
    const server = await acme.serve()
    const status = await server.until('failing')
    expect(status.problem).toBe(
      'No certificate for 127.0.0.1 from the certificate authority: it allows no more for now ' +
        '(too many certificates (5) already issued for this exact set of identifiers). ' +
        'Wait, and do not delete the stored certificates.',
    )
    expect(await notice(server)).toMatchObject({ reason: 'rateLimited' })
    expect(delay(status.nextAttempt)).toBeGreaterThan(1)
    expect(delay(status.nextAttempt)).toBeLessThan(2.3)
    await sleep(1000)
    expect(proxy.orders).toBe(orders + 1)
    await server.until('serving')
    expect(proxy.orders).toBe(orders + 2)
  })

  test('a wrong response is reported as the authority saw it, and not retried at once, even after a restart', async () => {
    const { proxy } = acme.pebble
    // The name leads to another server.
    const other = createServer((_request, response) => response.end('Hello')).listen(
      acme.httpPort,
      '127.0.0.1',
    )
    try {
      await once(other, 'listening')
      const elsewhere = await freePort()
      const server = await acme.serve({ httpPort: elsewhere })
      const status = await server.until('failing')
      expect(status.problem).toMatch(
        /^No certificate for 127\.0\.0\.1 from the certificate authority: it could not check the answer \(.*Hello.*\)\. Port 80 must lead to this server from everywhere: security group, and for a host name its A record\.$/,
      )
      expect(await notice(server)).toMatchObject({ reason: 'notReached' })
      expect(delay(status.nextAttempt)).toBeGreaterThan(120)
      await server.close()
      const orders = proxy.orders
      const again = await acme.serve({ httpPort: elsewhere, folder: server.folder })
      expect(await again.until('failing')).toEqual(status)
      await sleep(300)
      expect(proxy.orders).toBe(orders)
    } finally {
      other.close()
    }
  })

  test('an unknown profile is reported with those on offer', async () => {
    const server = await acme.serve({ profile: 'tlsserver' })
    expect((await server.until('failing')).problem).toBe(
      'No certificate for 127.0.0.1 from the certificate authority: it has no profile tlsserver; ' +
        'it has: classic, seconds, shortlived. Compare HTTPS_NAME, ACME_PROFILE and ACME_DIRECTORY with what it says.',
    )
  })

  test('registers an account again that the authority has forgotten', async () => {
    const server = await acme.serve()
    await server.until('serving')
    await server.close()
    const file = join(server.folder, 'certificates', 'account.json')
    const account = JSON.parse(await readFile(file, 'utf8')) as { url: string }
    await writeFile(file, JSON.stringify({ ...account, url: `${account.url}0` }))
    await writeFile(join(server.folder, 'certificates', 'certificate.json'), '{"damaged')
    const again = await acme.serve({ folder: server.folder })
    await again.until('serving')
    expect(again.lines[0]).toEqual([
      'warn',
      `https: certificate.json in the folder ${join(server.folder, 'certificates')} is ignored: it is damaged`,
    ])
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(account)
  })

  test('an expired certificate: no redirect, the page over http, https with the expired one', async () => {
    const { proxy } = acme.pebble
    const first = await acme.serve()
    const { notAfter } = await first.until('serving')
    await first.close()
    proxy.isDown = true
    let ahead = 0
    const server = await acme.serve({ folder: first.folder, now: () => Date.now() + ahead })
    await server.until('serving')
    await server.close()
    ahead = 7 * DAY
    const late = await acme.serve({ folder: first.folder, now: () => Date.now() + ahead })
    const status = await late.until('failing')
    expect(status).toMatchObject({ state: 'failing', notAfter })
    expect(await page(late)).toEqual([200, '<title>The page</title>'])
    const insecure = await fetchOnce(`${late.https}/`, { rejectUnauthorized: false })
    expect([insecure.status, insecure.body]).toEqual([200, '<title>The page</title>'])
    expect((await fetchOnce(`${late.http}/metrics`)).body).toContain('\nhttps_serving 0\n')
  })

  test('a clock that is behind: a certificate, and what is wrong', async () => {
    const server = await acme.serve({ now: () => Date.now() - 3 * DAY })
    const status = await server.until('serving')
    expect(status.problem).toBe(
      'The clock of this machine is 72 hours behind that of the certificate authority: ' +
        'set it, as OSS refuses what is signed with a clock that is 15 minutes off.',
    )
    expect(server.lines[0]).toEqual(['error', `https: ${status.problem}`])
  })

  test('a clock that is ahead: serves what seems to have expired, and orders nothing', async () => {
    const first = await acme.serve()
    await first.until('serving')
    await first.close()
    const orders = acme.pebble.proxy.orders
    const server = await acme.serve({ folder: first.folder, now: () => Date.now() + 30 * DAY })
    const status = await server.until('serving')
    expect(status.problem).toMatch(/^The clock of this machine is 720 hours ahead of that/)
    expect(acme.pebble.proxy.orders).toBe(orders)
  })
})
