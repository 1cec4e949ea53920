import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import OSS from 'ali-oss'
import fc from 'fast-check'
import { CertificateAuthority } from 'simulated-cloud'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { variables } from '../../../app/server/config.ts'
import { renderUserData } from '../../../infra/boot/user-data.ts'
import type { ReleaseManifest } from '../../../infra/release/manifest.ts'
import { archiveFolder } from '../../../infra/release/pack/archive.ts'
import { SECRET_VARIABLES } from '../../../infra/release/secret-file.ts'
import { InstanceMetadata, temporary } from '../server/instance-metadata.ts'
import { BUCKET, REGION, ReleaseStore, type ReleaseStoreOptions } from './release-store.ts'

const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.log('Skipped: what an instance runs to get its release needs python3')

const NODE = Buffer.from('#!/bin/sh\necho runtime\n')
const SECRETS = 'OSS_ACCESS_KEY_SECRET="very secret"\n'
const ID = '0123456789ab'
const OTHER = `${'0'.repeat(64)}`

let root: string
let store: ReleaseStore
let metadata: InstanceMetadata
let metadataOrigin: string
let release: ReleaseManifest
let appBytes: number
let runtimeBytes: number

/** The archive of a folder with these files. */
async function tarOf(files: Record<string, string | Buffer>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'tar-'))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, 'files', name)), { recursive: true })
    await writeFile(join(folder, 'files', name), content)
  }
  await archiveFolder(join(folder, 'files'), join(folder, 'tar'))
  const bytes = await readFile(join(folder, 'tar'))
  await rm(folder, { recursive: true })
  return bytes
}

/** Puts on the instance what its user data has. */
async function boot(): Promise<void> {
  const environment = { OSS_BUCKET: 'photos', OSS_REGION: REGION }
  const text = renderUserData({ region: REGION, roleName: 'uploader', release, environment })
  const { write_files: files } = parse(text) as { write_files: { path: string; content: string }[] }
  for (const { path, content } of files) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
}

async function openStore(options: ReleaseStoreOptions = {}): Promise<void> {
  store = await ReleaseStore.open(options)
  const runtime = gzipSync(
    await tarOf({ 'package/LICENSE': 'MIT', 'package/bin/node': NODE, 'package/z': 'z' }),
  )
  const app = await tarOf({ 'server.mjs': 'export {}\n', 'client/assets/index-1.js': '1\n' })
  appBytes = app.length
  runtimeBytes = runtime.length
  release = {
    bucket: BUCKET,
    id: ID,
    app: { key: 'app/1.tar', sha256: await store.put('app/1.tar', app) },
    runtime: { key: 'runtime/1.tgz', sha256: await store.put('runtime/1.tgz', runtime) },
    secrets: {
      key: 'secrets/1.env',
      sha256: await store.put('secrets/1.env', Buffer.from(SECRETS)),
    },
  }
  await boot()
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'instance-'))
  metadata = new InstanceMetadata()
  metadata.credentials = temporary('STS.1', '2099-01-01T00:00:00Z')
  metadataOrigin = await metadata.start()
  await openStore()
})
afterEach(async () => {
  await metadata.stop()
  await store.close()
  await rm(root, { recursive: true })
})

interface RunOptions {
  /** Seconds for everything. @default 20 */
  timeout?: number
  env?: Record<string, string>
  endpoint?: string
  metadata?: string
  /** Shell command to run first, such as a limit. */
  before?: string
}

function start(options: RunOptions) {
  const program = join(root, 'usr/local/lib/oss-direct-upload/fetch-release.py')
  const given = [
    `--root=${root}`,
    `--metadata=${options.metadata ?? metadataOrigin}`,
    `--endpoint=${options.endpoint ?? store.origin}`,
    `--timeout=${options.timeout ?? 20}`,
  ]
  const script = `${options.before ?? ':'}; exec python3 -I "$@"`
  return spawn('sh', ['-c', script, 'sh', program, ...given], {
    env: { ...process.env, ...options.env },
  })
}

/** Runs the program to its end: its exit code and what it says, none of it secret. */
async function run(
  options: RunOptions = {},
): Promise<{ code: number | null; said: string; failure: string }> {
  const child = start(options)
  let said = ''
  let failure = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  child.stderr.on('data', (chunk) => {
    failure += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  expect(said + failure).not.toMatch(/very secret|secret-of|token-of|Traceback/)
  return { code, said, failure }
}

const inRelease = (path: string): string => join(root, 'opt/oss-direct-upload', ID, path)
const secretFile = (): string => join(root, 'etc/oss-direct-upload/secret.env')
const installed = (): Promise<string[]> => readdir(join(root, 'opt/oss-direct-upload'))
const FETCHED = () =>
  `Downloaded runtime/1.tgz (${runtimeBytes} bytes)\nDownloaded app/1.tar (${appBytes} bytes)\n` +
  `Downloaded secrets/1.env (${SECRETS.length} bytes)\nThe release ${ID} is installed\n`

/** Answers half of a body that was announced whole. */
function half(response: ServerResponse): true {
  response.writeHead(200, { 'Content-Length': '1000' })
  response.write(Buffer.alloc(500), () => response.destroy())
  return true
}

describe.skipIf(!hasPython)('an instance', () => {
  test('installs its release completely, with current times and the right modes', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000
    expect(await run()).toEqual({ code: 0, said: FETCHED(), failure: '' })
    expect(await installed()).toEqual([ID])
    const found = (await readdir(inRelease(''), { recursive: true })).sort()
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
      ['', ...found].map(async (path) => ((await stat(inRelease(path))).mode & 0o777).toString(8)),
    )
    expect(modes).toEqual(['755', '755', '755', '755', '644', '644', '755', '755'])
    expect(await readFile(inRelease('bin/node'))).toEqual(NODE)
    expect(await readFile(inRelease('app/server.mjs'), 'utf8')).toBe('export {}\n')
    for (const path of ['app/server.mjs', 'app/client/assets/index-1.js']) {
      expect((await stat(inRelease(path))).mtimeMs).toBeGreaterThanOrEqual(before)
    }
    expect(await readFile(secretFile(), 'utf8')).toBe(SECRETS)
    expect(((await stat(secretFile())).mode & 0o777).toString(8)).toBe('600')
    expect(await readdir(dirname(secretFile()))).toEqual([
      'release.json',
      'secret.env',
      'settings.env',
    ])
    expect(store.reads).toEqual(['/runtime/1.tgz', '/app/1.tar', '/secrets/1.env'])
    expect(metadata.requests).toEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/ram/security-credentials/uploader',
    ])
  })

  test('with its release installed sends no request', async () => {
    await run()
    const before = [store.reads.length, metadata.requests.length]
    expect(await run()).toEqual({
      code: 0,
      said: `The release ${ID} is already installed\n`,
      failure: '',
    })
    expect([store.reads.length, metadata.requests.length]).toEqual(before)
  })

  test('installs only secrets that the server knows', async () => {
    const known = `ACCESS_CODE="open \\"sesame\\"\nLD_PRELOAD=\\"x\\"\n"\n`
    const text = `# Read by systemd\nNODE_OPTIONS="--import=/tmp/x.mjs"\n${known}PATH="/tmp"\n${SECRETS}`
    const key = 'secrets/2.env'
    release = { ...release, secrets: { key, sha256: await store.put(key, Buffer.from(text)) } }
    await boot()
    expect((await run()).failure).toBe('')
    expect(await readFile(secretFile(), 'utf8')).toBe(`${known}${SECRETS}`)
  })

  test('knows the same secrets as the stack', () => {
    const program = readFileSync(
      new URL('../../../infra/boot/fetch-release.py', import.meta.url),
      'utf8',
    )
    expect(/^SECRETS = b"([A-Z_ ]+)"/m.exec(program)?.[1]?.split(' ')).toEqual(SECRET_VARIABLES)
    expect(Object.keys(variables.shape)).toEqual(expect.arrayContaining([...SECRET_VARIABLES]))
  })

  test('downloads no secrets when its release has none', async () => {
    const { secrets: _none, ...open } = release
    release = open
    await boot()
    expect((await run()).code).toBe(0)
    expect(store.reads).toEqual(['/runtime/1.tgz', '/app/1.tar'])
    expect(await readdir(dirname(secretFile()))).toEqual(['release.json', 'settings.env'])
  })

  test('downloads over TLS only from servers that the system trusts', async () => {
    const authority = new CertificateAuthority()
    await store.close()
    await openStore({ certificate: authority.issue('127.0.0.1') })
    const refused = await run({ timeout: 0.9 })
    expect([refused.code, refused.said]).toEqual([1, ''])
    expect(refused.failure).toMatch(
      new RegExp(
        `^The server cannot start: ${store.origin} cannot be reached: .*certificate verify failed.*\n$`,
      ),
    )
    const bundle = join(root, 'ca.pem')
    await writeFile(bundle, authority.certificate)
    const trusted = await run({ env: { SSL_CERT_FILE: bundle } })
    expect(trusted).toEqual({ code: 0, said: FETCHED(), failure: '' })
  })

  test('waits for a role that is attached late', async () => {
    metadata.role = undefined
    const timer = setInterval(() => {
      // Not before it has been refused once and asks again.
      if (metadata.requests.length >= 3) metadata.role = 'uploader'
    }, 10)
    expect(await run()).toEqual({
      code: 0,
      said: `The role uploader is not attached to this instance yet; retrying\n${FETCHED()}`,
      failure: '',
    })
    clearInterval(timer)
  })

  test('gets new credentials when its own have expired', async () => {
    store.ended.add('STS.1')
    store.instead = () => {
      metadata.credentials = temporary('STS.2', '2099-01-01T00:00:00Z')
      return false
    }
    const { code, said } = await run()
    expect(said).toMatch(
      /^OSS refused releases\/runtime\/1\.tgz with 403 SecurityTokenExpired \(request [0-9A-F]+\); retrying\n/,
    )
    expect([code, said.split('; retrying\n')[1]]).toEqual([0, FETCHED()])
  })

  test.each([
    ['behind', 20],
    ['ahead of', -20],
  ])('takes the time of OSS when its own clock is %s it', async (how, minutes) => {
    await store.close()
    await openStore({ ahead: minutes * 60_000 })
    const { code, said } = await run()
    const [first, rest] = said.split('; retrying\n')
    expect(first).toMatch(
      new RegExp(
        `^The clock is (1199|120[0-5]) seconds ${how} that of OSS; using the time of OSS$`,
      ),
    )
    expect([code, rest]).toEqual([0, FETCHED()])
  })

  test('retries after a truncated body, a service error and a dropped connection', async () => {
    let read = 0
    store.instead = (request, response) => {
      read += 1
      if (read === 1) return half(response)
      if (read === 2) {
        response.writeHead(503).end('<Error><Code>ServiceUnavailable</Code></Error>')
        return true
      }
      if (read === 3) request.socket.destroy()
      return read === 3
    }
    expect(await run()).toEqual({
      code: 0,
      said:
        'runtime/1.tgz was cut off after 500 of 1000 bytes; retrying\n' +
        'OSS refused releases/runtime/1.tgz with 503 ServiceUnavailable (request unknown); retrying\n' +
        `${store.origin} cannot be reached: Remote end closed connection without response; retrying\n` +
        FETCHED(),
      failure: '',
    })
  })

  test('interrupted half-way does not block the next attempt', async () => {
    const reached = Promise.withResolvers<void>()
    store.instead = (_request, response) => {
      response.writeHead(200, { 'Content-Length': '1000' }).write(Buffer.alloc(500))
      reached.resolve()
      return true
    }
    const child = start({})
    await reached.promise
    child.kill('SIGKILL')
    await once(child, 'close')
    expect((await installed()).map((name) => name.slice(0, 10))).toEqual(['.incoming-'])
    store.instead = () => false
    expect(await run()).toEqual({ code: 0, said: FETCHED(), failure: '' })
    expect(await installed()).toEqual([ID])
  })

  test.each<[string, () => void | Promise<void>, RunOptions, RegExp]>([
    [
      'an object that differs from the release',
      async () => {
        release = { ...release, app: { ...release.app, sha256: OTHER } }
        await boot()
      },
      { timeout: 0.9 },
      new RegExp(
        `^app/1\\.tar differs from the release: its SHA-256 is [0-9a-f]{64}, not ${OTHER}$`,
      ),
    ],
    [
      'secrets that differ from the release',
      async () => {
        const altered = `${SECRETS}NODE_OPTIONS="--import=/tmp/x.mjs"\n`
        await store.put('secrets/1.env', Buffer.from(altered))
      },
      { timeout: 0.9 },
      /^secrets\/1\.env differs from the release: its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}$/,
    ],
    [
      'an object that is not there',
      async () => {
        release = { ...release, secrets: { key: 'secrets/2.env', sha256: OTHER } }
        await boot()
      },
      { timeout: 0.9 },
      /^OSS refused releases\/secrets\/2\.env with 404 NoSuchKey \(request [0-9A-F]+\)$/,
    ],
    [
      'a role without the right to read',
      () => {
        store.allowed = []
      },
      { timeout: 0.9 },
      /^OSS refused releases\/runtime\/1\.tgz with 403 AccessDenied: uploader needs oss:GetObject \(request [0-9A-F]+\)$/,
    ],
    [
      'a body that is cut off each time',
      () => {
        store.instead = (_request, response) => half(response)
      },
      { timeout: 2 },
      /^runtime\/1\.tgz was cut off after 500 of 1000 bytes$/,
    ],
    [
      'a body that trickles',
      () => {
        store.instead = (_request, response) => {
          response.writeHead(200, { 'Content-Length': '2000000000' })
          const timer = setInterval(() => response.write(Buffer.alloc(700_000)), 50)
          response.on('close', () => clearInterval(timer))
          return true
        }
      },
      { timeout: 1 },
      /^runtime\/1\.tgz arrives too slowly: \d+ bytes so far$/,
    ],
    [
      'a role that is never attached',
      () => {
        metadata.role = undefined
      },
      { timeout: 2 },
      /^The role uploader is not attached to this instance yet$/,
    ],
    [
      'a metadata service that fails',
      () => {
        metadata.instead = (_request, response) => response.writeHead(500).end()
      },
      { timeout: 0.9 },
      /^METADATA answered 500 to PUT \/latest\/api\/token$/,
    ],
    [
      'a metadata service that is not there',
      () => {},
      { timeout: 0.9, metadata: 'http://127.0.0.1:9' },
      /^http:\/\/127\.0\.0\.1:9 cannot be reached: Connection refused$/,
    ],
    [
      'an endpoint that is not there',
      () => {},
      { timeout: 0.9, endpoint: 'http://127.0.0.1:9' },
      /^http:\/\/127\.0\.0\.1:9 cannot be reached: Connection refused$/,
    ],
    [
      'a disk that is full while fetching',
      async () => {
        const large = gzipSync(await tarOf({ 'package/bin/node': Buffer.alloc(1e6) }), { level: 0 })
        release.runtime.sha256 = await store.put('runtime/1.tgz', large)
        await boot()
      },
      // In units of 512 or 1024 bytes, as the shell likes.
      { before: 'ulimit -f 200' },
      /^the disk is full$/,
    ],
    [
      'a disk that is full while unpacking',
      async () => {
        const large = gzipSync(await tarOf({ 'package/bin/node': Buffer.alloc(1e6) }))
        release.runtime.sha256 = await store.put('runtime/1.tgz', large)
        await boot()
      },
      { before: 'ulimit -f 200' },
      /^the disk is full$/,
    ],
    [
      'an archive that is none',
      async () => {
        release.app.sha256 = await store.put('app/1.tar', Buffer.alloc(2000, 'x'))
        await boot()
      },
      {},
      /^an archive cannot be read: .+$/,
    ],
    [
      'an archive with a way out',
      async () => {
        const tar = await tarOf({ 'aa/server.mjs': 'evil' })
        tar.write('../../evil.mjs'.padEnd(20, '\0'), 0)
        tar.write('        ', 148)
        const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0)
        tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
        release.app.sha256 = await store.put('app/1.tar', tar)
        await boot()
      },
      {},
      /^The release has a file outside its folder: \.\.\/\.\.\/evil\.mjs$/,
    ],
    [
      'an archive without the server',
      async () => {
        release.app.sha256 = await store.put('app/1.tar', await tarOf({ 'index.html': '' }))
        await boot()
      },
      {},
      /^The release has no app\/server\.mjs$/,
    ],
  ])('says so: %s', async (_what, arrange, options, sentence) => {
    await arrange()
    const { code, failure } = await run(options)
    const said = failure.replace(metadataOrigin, 'METADATA')
    expect(said).toMatch(/^The server cannot start: [^\n]+\n$/)
    expect(said.slice('The server cannot start: '.length, -1)).toMatch(sentence)
    expect(code).toBe(1)
    // Nothing of a release that is not whole is left, nor secrets of one.
    expect(await installed().catch(() => [])).toEqual([])
    expect(await readdir(dirname(secretFile()))).not.toContain('secret.env')
  })

  test('without a manifest says which file is missing', async () => {
    await rm(join(root, 'etc/oss-direct-upload/release.json'))
    expect(await run()).toEqual({
      code: 1,
      said: '',
      failure: `The server cannot start: ${root}/etc/oss-direct-upload/release.json: No such file or directory\n`,
    })
  })

  test('signs as the official SDK does', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const text = (characters: string, max: number) =>
      fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: max })
    const letters = 'ABCDEFGHJKabcdefghijk0123456789'
    const cases = fc.sample(
      fc.record({
        id: text(letters, 24),
        secret: text(`${letters}+/=`, 40),
        token: text(`${letters}+/=`, 300),
        region: fc.constantFrom('cn-hangzhou', 'ap-southeast-1', 'us-west-1'),
        bucket: fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,20}[a-z0-9]$/),
        key: fc
          .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
          .filter((key) => key.isWellFormed() && !/^[/\\?]/.test(key)),
        seconds: fc.integer({ min: Date.UTC(2020) / 1000, max: Date.UTC(2099) / 1000 }),
      }),
      500,
    )
    const harness = [
      'import sys, json, importlib.util, datetime',
      'spec = importlib.util.spec_from_file_location("fetch_release", sys.argv[1])',
      'module = importlib.util.module_from_spec(spec)',
      'sys.dont_write_bytecode = True',
      'spec.loader.exec_module(module)',
      'for c in json.load(sys.stdin):',
      '    when = datetime.datetime.fromtimestamp(c["seconds"], datetime.timezone.utc)',
      '    credentials = [c["id"], c["secret"], c["token"]]',
      '    print(json.dumps(module.signed_headers(credentials, c["region"], c["bucket"], c["key"], when)))',
    ].join('\n')
    const program = fileURLToPath(new URL('../../../infra/boot/fetch-release.py', import.meta.url))
    const { stdout, stderr } = spawnSync('python3', ['-c', harness, program], {
      input: JSON.stringify(cases),
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    const lines = stdout.trimEnd().split('\n')
    expect(lines.length).toBe(500)
    cases.forEach(({ id, secret, token, region, bucket, key }, at) => {
      const { Authorization, ...headers } = JSON.parse(lines[at] ?? '') as Record<string, string>
      const client = new OSS({
        accessKeyId: id,
        accessKeySecret: secret,
        stsToken: token,
        region: `oss-${region}`,
        bucket,
      })
      expect(headers['x-oss-security-token']).toBe(token)
      expect(Authorization).toBe(
        client.authorizationV4('GET', { headers, queries: {} }, bucket, key, []),
      )
    })
  })
})
