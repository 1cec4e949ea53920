import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CertificateAuthority } from 'simulated-cloud'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type EmbeddedOss, startEmbeddedOss } from '../../../../app/oss/index.ts'
import { newAccount, parseCertificate } from '../../../../app/server/https/acme/index.ts'
import {
  BucketStore,
  FolderStore,
  ReplicatedStore,
} from '../../../../app/server/https/store/index.ts'

const NAME = '47.1.2.3'
const spec = { directory: 'https://ca.example/dir', profile: 'shortlived', name: NAME }
const DAY = 86_400_000

/** Issues a certificate whose lifetime starts in some days. */
function certificate(days: number, name = NAME) {
  const { key, cert } = new CertificateAuthority(Date.now() + days * DAY).issue(name)
  return parseCertificate(key, cert, name)
}

let folder: string
let oss: EmbeddedOss
let lines: string[]
const log = {
  info: (_: object, message: string) => void lines.push(`info ${message}`),
  warn: (_: object, message: string) => void lines.push(`warn ${message}`),
  error: (_: object, message: string) => void lines.push(`error ${message}`),
}

beforeEach(async () => {
  lines = []
  folder = await mkdtemp(join(tmpdir(), 'certificates-'))
  oss = await startEmbeddedOss({
    dir: join(folder, 'oss'),
    port: 0,
    buckets: [{ name: 'release' }],
    keys: [{ accessKeyId: 'LTAI', accessKeySecret: 'secret' }],
    bucketOfAddress: 'release',
  })
})
afterEach(async () => {
  await oss.close()
  await rm(folder, { recursive: true })
})

function bucket(secret = 'secret'): BucketStore {
  return new BucketStore({
    bucket: 'release',
    region: 'ap-southeast-1',
    credentials: async () => ({ accessKeyId: 'LTAI', accessKeySecret: secret }),
    endpoint: `http://127.0.0.1:${oss.port}`,
    retryDelaysMs: [1, 1],
  })
}

/** Opens the store of one machine, which has a folder of its own. */
async function machine(title: string, shared?: BucketStore, itsSpec = spec) {
  const path = join(folder, title)
  const local = new FolderStore(path)
  await local.prepare()
  const store = new ReplicatedStore([local, ...(shared ? [shared] : [])], itsSpec, log)
  return { path, store }
}

describe('in a folder', () => {
  test('a certificate is there after a restart, readable by its user alone', async () => {
    const saved = certificate(0)
    const { path, store } = await machine('a')
    await store.saveCertificate(saved)
    expect(await (await machine('a')).store.loadCertificate('all')).toEqual(saved)
    expect(await readdir(path)).toEqual(['certificate.json'])
    expect((await stat(join(path, 'certificate.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(path)).mode & 0o777).toBe(0o700)
    expect(lines).toEqual([])
  })

  test.each([
    ['damaged', () => '{"key":', 'it is damaged'],
    ['of another shape', () => '{"key":"x"}', 'it is damaged'],
    [
      'of another name',
      (text: string) => text.replace(`"name":"${NAME}"`, '"name":"47.1.2.4"'),
      'it is of another name, profile or authority',
    ],
    [
      'of a staging directory',
      (text: string) => text.replace('ca.example', 'staging.example'),
      'it is of another name, profile or authority',
    ],
    [
      'with a key that is not its own',
      (text: string) => JSON.stringify({ ...JSON.parse(text), key: newAccount().key }),
      'it does not belong to its key',
    ],
    [
      'with a certificate for another name',
      (text: string) => JSON.stringify({ ...JSON.parse(text), ...certificateOf('47.9.9.9') }),
      'it is not for 47.1.2.3',
    ],
  ])('what is %s is ignored and logged', async (_title, change, why) => {
    const { path, store } = await machine('a')
    await store.saveCertificate(certificate(0))
    const file = join(path, 'certificate.json')
    await writeFile(file, change(await readFile(file, 'utf8')))
    expect(await store.loadCertificate('all')).toBe(undefined)
    expect(lines).toEqual([`warn https: certificate.json in the folder ${path} is ignored: ${why}`])
  })

  test('stores the last failed attempt until one succeeds', async () => {
    const { store } = await machine('a')
    const attempt = {
      reason: 'notReached',
      failures: 2,
      problem: 'No.',
      nextAttempt: '2026-03-01T00:00:00.000Z',
    } as const
    await store.saveFailedAttempt(attempt)
    expect(await store.loadFailedAttempt()).toEqual(attempt)
    const elsewhere = await machine('a', undefined, { ...spec, name: '47.1.2.4' })
    expect(await elsewhere.store.loadFailedAttempt()).toBe(undefined)
    await store.saveFailedAttempt(undefined)
    expect(await store.loadFailedAttempt()).toBe(undefined)
    expect(lines).toEqual([])
  })

  test('replaces an account of another directory', async () => {
    const { store } = await machine('a', undefined, {
      ...spec,
      directory: 'https://staging.example/dir',
    })
    await store.saveAccount(newAccount())
    const real = (await machine('a')).store
    expect(await real.loadAccount()).toBe(undefined)
    const account = { ...newAccount(), url: 'https://ca.example/acct/1' }
    expect(await real.saveAccount(account)).toEqual(account)
    expect(await real.loadAccount()).toEqual(account)
  })

  test('logs a folder that is gone', async () => {
    const { path, store } = await machine('a')
    await rm(path, { recursive: true })
    await store.saveCertificate(certificate(0))
    expect(lines).toEqual([
      `error https: certificate.json cannot be saved in the folder ${path}: it is missing after a restart`,
    ])
  })

  test('refuses a file in the place of the folder', async () => {
    const path = join(folder, 'file')
    await writeFile(path, '')
    await chmod(path, 0o600)
    await expect(new FolderStore(path).prepare()).rejects.toMatchObject({ code: 'ENOTDIR' })
  })
})

describe('in a bucket', () => {
  test('the next machine loads what the first one has saved', async () => {
    const saved = certificate(0)
    const first = (await machine('a', bucket())).store
    const account = await first.saveAccount({ ...newAccount(), url: 'https://ca.example/acct/1' })
    await first.saveCertificate(saved)
    const next = (await machine('b', bucket())).store
    expect(await next.loadCertificate('all')).toEqual(saved)
    expect(await next.loadAccount()).toEqual(account)
    expect(lines).toEqual([])
  })

  test('loads the certificate that expires last', async () => {
    const { store } = await machine('a', bucket())
    await store.saveCertificate(certificate(0))
    const newer = certificate(1)
    await (await machine('b', bucket())).store.saveCertificate(newer)
    expect(await store.loadCertificate('all')).toEqual(newer)
  })

  test('two machines that create an account at once use the same', async () => {
    const machines = await Promise.all([machine('a', bucket()), machine('b', bucket())])
    const used = await Promise.all(machines.map(({ store }) => store.saveAccount(newAccount())))
    expect(used[0]).toEqual(used[1])
    const later = await Promise.all(machines.map(({ store }) => store.loadAccount()))
    expect(later).toEqual(used)
    expect(lines).toEqual([])
  })

  test('logs a bucket that refuses, and uses the folder', async () => {
    const { store } = await machine('a', bucket('another'))
    const saved = certificate(0)
    await store.saveCertificate(saved)
    expect(await store.loadCertificate('all')).toEqual(saved)
    expect(lines).toEqual([
      'error https: certificate.json cannot be saved in the bucket release: it is missing after a restart',
      'warn https: certificate.json cannot be read from the bucket release',
    ])
  })

  test('retries to read from a bucket', async () => {
    const saved = certificate(0)
    await (await machine('a', bucket())).store.saveCertificate(saved)
    let attempts = 0
    const failing = new BucketStore({
      bucket: 'release',
      region: 'ap-southeast-1',
      endpoint: `http://127.0.0.1:${oss.port}`,
      retryDelaysMs: [1, 1],
      credentials: async () => {
        attempts += 1
        if (attempts < 3) throw new Error('no credentials yet')
        return { accessKeyId: 'LTAI', accessKeySecret: 'secret' }
      },
    })
    expect(await (await machine('b', failing)).store.loadCertificate('all')).toEqual(saved)
    expect(attempts).toBe(3)
  })
})

function certificateOf(name: string): { key: string; chain: string } {
  const { key, cert } = new CertificateAuthority().issue(name)
  return { key, chain: cert }
}
