import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CertificateAuthority } from 'simulated-cloud'
import { describe, expect } from 'vitest'
import { variables } from '../../../app/server/config.ts'
import { SECRET_VARIABLES } from '../../../infra/release/secret-file.ts'
import { temporary } from '../server/instance-metadata.ts'
import {
  FETCH_RELEASE,
  hasPython,
  ID,
  NODE,
  SECRETS,
  sendHalf,
  instanceTest as test,
} from './boot-instance.ts'

describe.skipIf(!hasPython)('an instance', () => {
  test('installs its release completely, with current times and the right modes', async ({
    instance,
  }) => {
    const before = Math.floor(Date.now() / 1000) * 1000
    expect(await instance.run()).toEqual({ code: 0, output: instance.success, failure: '' })
    expect(await instance.installed()).toEqual([ID])
    const found = (await readdir(instance.inRelease(''), { recursive: true })).sort()
    expect(found).toEqual([
      'app',
      'app/client',
      'app/client/assets',
      'app/client/assets/index-1.js',
      'app/server.mjs',
      'bin',
      'bin/node',
    ])
    const modes = await Promise.all(
      ['', ...found].map(async (path) =>
        ((await stat(instance.inRelease(path))).mode & 0o777).toString(8),
      ),
    )
    expect(modes).toEqual(['755', '755', '755', '755', '644', '644', '755', '755'])
    expect(await readFile(instance.inRelease('bin/node'))).toEqual(NODE)
    expect(await readFile(instance.inRelease('app/server.mjs'), 'utf8')).toBe('export {}\n')
    for (const path of ['app/server.mjs', 'app/client/assets/index-1.js']) {
      expect((await stat(instance.inRelease(path))).mtimeMs).toBeGreaterThanOrEqual(before)
    }
    expect(await readFile(instance.secretFile, 'utf8')).toBe(SECRETS)
    expect(((await stat(instance.secretFile)).mode & 0o777).toString(8)).toBe('600')
    expect(await readdir(dirname(instance.secretFile))).toEqual([
      'release.json',
      'secret.env',
      'settings.env',
    ])
    expect(instance.store.reads).toEqual(['/runtime/1.tgz', '/app/1.tar', '/secrets/1.env'])
    expect(instance.metadata.requests).toEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/ram/security-credentials/uploader',
    ])
  })

  test('with its release installed sends no request', async ({ instance }) => {
    await instance.run()
    const before = [instance.store.reads.length, instance.metadata.requests.length]
    expect(await instance.run()).toEqual({
      code: 0,
      output: `The release ${ID} is already installed\n`,
      failure: '',
    })
    expect([instance.store.reads.length, instance.metadata.requests.length]).toEqual(before)
  })

  test('installs only secrets that the server knows', async ({ instance }) => {
    const known = `ACCESS_CODE="open \\"sesame\\"\nLD_PRELOAD=\\"x\\"\n"\n`
    const text = `# Read by systemd\nNODE_OPTIONS="--import=/tmp/x.mjs"\n${known}PATH="/tmp"\n${SECRETS}`
    const key = 'secrets/2.env'
    const secrets = { key, sha256: await instance.store.put(key, Buffer.from(text)) }
    await instance.boot({ ...instance.release, secrets })
    expect((await instance.run()).failure).toBe('')
    expect(await readFile(instance.secretFile, 'utf8')).toBe(`${known}${SECRETS}`)
  })

  test('knows the same secrets as the stack', () => {
    const program = readFileSync(FETCH_RELEASE, 'utf8')
    expect(/^SECRETS = b"([A-Z_ ]+)"/m.exec(program)?.[1]?.split(' ')).toEqual(SECRET_VARIABLES)
    expect(Object.keys(variables.shape)).toEqual(expect.arrayContaining([...SECRET_VARIABLES]))
  })

  test('downloads no secrets when its release has none', async ({ instance }) => {
    const { secrets: _none, ...open } = instance.release
    await instance.boot(open)
    expect((await instance.run()).code).toBe(0)
    expect(instance.store.reads).toEqual(['/runtime/1.tgz', '/app/1.tar'])
    expect(await readdir(dirname(instance.secretFile))).toEqual(['release.json', 'settings.env'])
  })

  test('downloads over TLS only from servers that the system trusts', async ({ instance }) => {
    const authority = new CertificateAuthority()
    await instance.store.close()
    await instance.openStore({ certificate: authority.issue('127.0.0.1') })
    const refused = await instance.run({ timeout: 0.9 })
    expect([refused.code, refused.output]).toEqual([1, ''])
    expect(refused.failure).toMatch(
      new RegExp(
        `^The server cannot start: ${instance.store.origin} cannot be reached: .*certificate verify failed.*\n$`,
      ),
    )
    const bundle = join(instance.root, 'ca.pem')
    await writeFile(bundle, authority.certificate)
    const trusted = await instance.run({ env: { SSL_CERT_FILE: bundle } })
    expect(trusted).toEqual({ code: 0, output: instance.success, failure: '' })
  })

  test('waits for a role that is attached late', async ({ instance }) => {
    instance.metadata.role = undefined
    const timer = setInterval(() => {
      // Not before it has been refused once and asks again.
      if (instance.metadata.requests.length >= 3) instance.metadata.role = 'uploader'
    }, 10)
    expect(await instance.run()).toEqual({
      code: 0,
      output: `The role uploader is not attached to this instance yet; retrying\n${instance.success}`,
      failure: '',
    })
    clearInterval(timer)
  })

  test('gets new credentials when its own have expired', async ({ instance }) => {
    instance.store.ended.add('STS.1')
    instance.store.instead = () => {
      instance.metadata.credentials = temporary('STS.2', '2099-01-01T00:00:00Z')
      return false
    }
    const { code, output } = await instance.run()
    expect(output).toMatch(
      /^OSS refused releases\/runtime\/1\.tgz with 403 SecurityTokenExpired \(request [0-9A-F]+\); retrying\n/,
    )
    expect([code, output.split('; retrying\n')[1]]).toEqual([0, instance.success])
  })

  test.for([
    ['behind', 20],
    ['ahead of', -20],
  ] as const)(
    'takes the time of OSS when its own clock is %s it',
    async ([how, minutes], { instance }) => {
      await instance.store.close()
      await instance.openStore({ ahead: minutes * 60_000 })
      const { code, output } = await instance.run()
      const [first, rest] = output.split('; retrying\n')
      expect(first).toMatch(
        new RegExp(
          `^The clock is (1199|120[0-5]) seconds ${how} that of OSS; using the time of OSS$`,
        ),
      )
      expect([code, rest]).toEqual([0, instance.success])
    },
  )

  test('retries after a truncated body, a service error and a dropped connection', async ({
    instance,
  }) => {
    let read = 0
    instance.store.instead = (request, response) => {
      read += 1
      if (read === 1) return sendHalf(response)
      if (read === 2) {
        response.writeHead(503).end('<Error><Code>ServiceUnavailable</Code></Error>')
        return true
      }
      if (read === 3) request.socket.destroy()
      return read === 3
    }
    expect(await instance.run()).toEqual({
      code: 0,
      output:
        'runtime/1.tgz was cut off after 500 of 1000 bytes; retrying\n' +
        'OSS refused releases/runtime/1.tgz with 503 ServiceUnavailable (request unknown); retrying\n' +
        `${instance.store.origin} cannot be reached: Remote end closed connection without response; retrying\n` +
        instance.success,
      failure: '',
    })
  })

  test('interrupted half-way does not block the next attempt', async ({ instance }) => {
    const reached = Promise.withResolvers<void>()
    instance.store.instead = (_request, response) => {
      response.writeHead(200, { 'Content-Length': '1000' }).write(Buffer.alloc(500))
      reached.resolve()
      return true
    }
    const child = instance.start({})
    await reached.promise
    child.kill('SIGKILL')
    await once(child, 'close')
    expect((await instance.installed()).map((name) => name.slice(0, 10))).toEqual(['.incoming-'])
    instance.store.instead = () => false
    expect(await instance.run()).toEqual({ code: 0, output: instance.success, failure: '' })
    expect(await instance.installed()).toEqual([ID])
  })
})
