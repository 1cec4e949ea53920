import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { authorityRig, noPebble } from './acme-tests.ts'
import { ask, type HttpsServer } from './https-server.ts'

const HOUR = 3600_000
const DAY = 24 * HOUR

describe.skipIf(await noPebble())('trouble with an authority', () => {
  const rig = authorityRig()
  const page = async (server: HttpsServer): Promise<[number, string]> => {
    const { status, body } = await ask(`${server.http}/`)
    return [status, body]
  }
  const notice = async (server: HttpsServer): Promise<unknown> =>
    (JSON.parse((await ask(`${server.http}/config.json`)).body) as { https: unknown }).https
  /** Seconds until the next attempt. */
  const pause = (nextAttempt: string | undefined): number =>
    (Date.parse(nextAttempt ?? '') - Date.now()) / 1000

  test('an authority that is down: the page over http, why, and https once it is back', async () => {
    rig.pebble.door.isDown = true
    const server = await rig.serve()
    const status = await server.until('failing')
    const host = new URL(rig.pebble.directory).host
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
    const refused = await ask(`${server.https}/`).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'ECONNRESET' })
    expect(pause(status.nextAttempt)).toBeLessThan(6)
    rig.pebble.door.isDown = false
    await server.until('serving')
    expect((await ask(`${server.https}/`, { ca: rig.pebble.root })).status).toBe(200)
  })

  test('a limit is waited for as long as the authority tells, and no longer', async () => {
    const { door } = rig.pebble
    const orders = door.orders
    door.fault = (path) =>
      path === '/order-plz' && door.orders === orders + 1
        ? {
            status: 429,
            headers: { 'Retry-After': '2', 'Content-Type': 'application/problem+json' },
            body: {
              type: 'urn:ietf:params:acme:error:rateLimited',
              detail: 'too many certificates (5) already issued for this exact set of identifiers',
            },
          }
        : undefined
    const server = await rig.serve()
    const status = await server.until('failing')
    expect(status.problem).toBe(
      'No certificate for 127.0.0.1 from the certificate authority: it allows no more for now ' +
        '(too many certificates (5) already issued for this exact set of identifiers). ' +
        'Nothing is to be done but to wait; do not delete what is kept of certificates.',
    )
    expect(await notice(server)).toMatchObject({ reason: 'rateLimited' })
    expect(pause(status.nextAttempt)).toBeGreaterThan(1)
    expect(pause(status.nextAttempt)).toBeLessThan(2.3)
    await sleep(1000)
    expect(door.orders).toBe(orders + 1)
    await server.until('serving')
    expect(door.orders).toBe(orders + 2)
  })

  test('a wrong answer is told with what the authority saw, and costs no second try, restarts included', async () => {
    const { door } = rig.pebble
    // What the name leads to is another server.
    const other = createServer((_request, response) => response.end('Hello')).listen(
      rig.httpPort,
      '127.0.0.1',
    )
    await once(other, 'listening')
    const elsewhere = rig.httpPort + 1
    const server = await rig.serve({ httpPort: elsewhere })
    try {
      const status = await server.until('failing')
      expect(status.problem).toMatch(
        /^No certificate for 127\.0\.0\.1 from the certificate authority: it could not check the answer \(.*Hello.*\)\. Port 80 must lead to this server from everywhere: security group, and for a host name its A record\.$/,
      )
      expect(await notice(server)).toMatchObject({ reason: 'notReached' })
      expect(pause(status.nextAttempt)).toBeGreaterThan(120)
      await server.close()
      const orders = door.orders
      const again = await rig.serve({ httpPort: elsewhere, folder: server.folder })
      expect(await again.until('failing')).toEqual(status)
      await sleep(300)
      expect(door.orders).toBe(orders)
    } finally {
      other.close()
    }
  })

  test('a profile that the authority has not is told with those it has', async () => {
    const server = await rig.serve({ profile: 'tlsserver' })
    expect((await server.until('failing')).problem).toBe(
      'No certificate for 127.0.0.1 from the certificate authority: it has no profile tlsserver; ' +
        'it has: classic, seconds, shortlived. Compare HTTPS_NAME, ACME_PROFILE and ACME_DIRECTORY with what it says.',
    )
  })

  test('an account that the authority has forgotten is opened anew', async () => {
    const server = await rig.serve()
    await server.until('serving')
    await server.close()
    const file = join(server.folder, 'kept', 'account.json')
    const account = JSON.parse(await readFile(file, 'utf8')) as { url: string }
    await writeFile(file, JSON.stringify({ ...account, url: `${account.url}0` }))
    await writeFile(join(server.folder, 'kept', 'certificate.json'), '{"damaged')
    const again = await rig.serve({ folder: server.folder })
    await again.until('serving')
    expect(again.lines[0]).toEqual([
      'warn',
      `https: certificate.json in the folder ${join(server.folder, 'kept')} is passed over: it is damaged`,
    ])
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(account)
  })

  test('a certificate that has ended: no redirect, the page over http, https with the old one', async () => {
    const { door } = rig.pebble
    const first = await rig.serve()
    const { notAfter } = await first.until('serving')
    await first.close()
    door.isDown = true
    let ahead = 0
    const server = await rig.serve({ folder: first.folder, now: () => Date.now() + ahead })
    await server.until('serving')
    await server.close()
    ahead = 7 * DAY
    const late = await rig.serve({ folder: first.folder, now: () => Date.now() + ahead })
    const status = await late.until('failing')
    expect(status).toMatchObject({ state: 'failing', notAfter })
    expect(await page(late)).toEqual([200, '<title>The page</title>'])
    const insecure = await ask(`${late.https}/`, { rejectUnauthorized: false })
    expect([insecure.status, insecure.body]).toEqual([200, '<title>The page</title>'])
    expect((await ask(`${late.http}/metrics`)).body).toContain('\nhttps_serving 0\n')
  })

  test('a clock that is late: a certificate all the same, and what is wrong', async () => {
    const server = await rig.serve({ now: () => Date.now() - 3 * DAY })
    const status = await server.until('serving')
    expect(status.problem).toBe(
      'The clock of this machine is 72 hours behind that of the certificate authority: ' +
        'set it, as OSS refuses what is signed with a clock that is 15 minutes off.',
    )
    expect(server.lines[0]).toEqual(['error', `https: ${status.problem}`])
  })

  test('a clock that is early: what seems to have ended is still served, and nothing is ordered', async () => {
    const first = await rig.serve()
    await first.until('serving')
    await first.close()
    const orders = rig.pebble.door.orders
    const server = await rig.serve({ folder: first.folder, now: () => Date.now() + 30 * DAY })
    const status = await server.until('serving')
    expect(status.problem).toMatch(/^The clock of this machine is 720 hours ahead of that/)
    expect(rig.pebble.door.orders).toBe(orders)
  })
})
