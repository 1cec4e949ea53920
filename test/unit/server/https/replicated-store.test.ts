import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type EmbeddedOss, startEmbeddedOss } from '../../../../app/oss/index.ts'
import { newAccount } from '../../../../app/server/https/acme/account.ts'
import { readCertificate } from '../../../../app/server/https/acme/certificate.ts'
import { CertificateBucket } from '../../../../app/server/https/store/bucket-store.ts'
import { CertificateFolder } from '../../../../app/server/https/store/folder-store.ts'
import { KeptState } from '../../../../app/server/https/store/replicated-store.ts'
import { CertificateAuthority } from '../../../cloud/control-plane/certificates/certificate-authority.ts'

const NAME = '47.1.2.3'
const owner = { directory: 'https://ca.example/dir', profile: 'shortlived', name: NAME }
const DAY = 86_400_000

/** A certificate of an authority that was made so many days from now. */
function certificate(days: number, name = NAME) {
  const { key, cert } = new CertificateAuthority(Date.now() + days * DAY).issue(name)
  return readCertificate(key, cert, name)
}

let folder: string
let oss: EmbeddedOss
let lines: string[]
const log = {
  info: (_: object, sentence: string) => void lines.push(`info ${sentence}`),
  warn: (_: object, sentence: string) => void lines.push(`warn ${sentence}`),
  error: (_: object, sentence: string) => void lines.push(`error ${sentence}`),
}

beforeEach(async () => {
  lines = []
  folder = await mkdtemp(join(tmpdir(), 'kept-'))
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

function bucket(secret = 'secret'): CertificateBucket {
  return new CertificateBucket({
    bucket: 'release',
    region: 'ap-southeast-1',
    credentials: async () => ({ accessKeyId: 'LTAI', accessKeySecret: secret }),
    endpoint: `http://127.0.0.1:${oss.port}`,
    retryDelaysMs: [1, 1],
  })
}

/** The state of one machine, its folder apart from those of others. */
async function machine(title: string, withBucket?: CertificateBucket, its = owner) {
  const path = join(folder, title)
  const place = new CertificateFolder(path)
  await place.prepare()
  const state = new KeptState([place, ...(withBucket ? [withBucket] : [])], its, log)
  return { path, state }
}

describe('in a folder', () => {
  test('a certificate is there after a restart, for its owner alone', async () => {
    const kept = certificate(0)
    const { path, state } = await machine('a')
    await state.keepCertificate(kept)
    expect(await (await machine('a')).state.certificate()).toEqual(kept)
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
  ])('what is %s is passed over, with a line in the log', async (_title, change, why) => {
    const { path, state } = await machine('a')
    await state.keepCertificate(certificate(0))
    const file = join(path, 'certificate.json')
    await writeFile(file, change(await readFile(file, 'utf8')))
    expect(await state.certificate()).toBe(undefined)
    expect(lines).toEqual([
      `warn https: certificate.json in the folder ${path} is passed over: ${why}`,
    ])
  })

  test('attempts that failed are kept, until one does not', async () => {
    const { state } = await machine('a')
    const attempts = {
      reason: 'notReached',
      failures: 2,
      problem: 'No.',
      nextAttempt: '2026-03-01T00:00:00.000Z',
    } as const
    await state.keepAttempts(attempts)
    expect(await state.attempts()).toEqual({ directory: owner.directory, name: NAME, ...attempts })
    const elsewhere = await machine('a', undefined, { ...owner, name: '47.1.2.4' })
    expect(await elsewhere.state.attempts()).toBe(undefined)
    await state.keepAttempts(undefined)
    expect(await state.attempts()).toBe(undefined)
    expect(lines).toEqual([])
  })

  test('an account of another directory makes way', async () => {
    const { state } = await machine('a', undefined, {
      ...owner,
      directory: 'https://staging.example/dir',
    })
    await state.keepAccount(newAccount())
    const real = (await machine('a')).state
    expect(await real.account()).toBe(undefined)
    const account = { ...newAccount(), url: 'https://ca.example/acct/1' }
    expect(await real.keepAccount(account)).toEqual(account)
    expect(await real.account()).toEqual(account)
  })

  test('a folder that is gone is told, and the server goes on', async () => {
    const { path, state } = await machine('a')
    await rm(path, { recursive: true })
    await state.keepCertificate(certificate(0))
    expect(lines).toEqual([
      `error https: certificate.json cannot be kept in the folder ${path}: after a restart it is missing`,
    ])
  })

  test('a file in the place of the folder is refused', async () => {
    const path = join(folder, 'file')
    await writeFile(path, '')
    await chmod(path, 0o600)
    await expect(new CertificateFolder(path).prepare()).rejects.toMatchObject({ code: 'ENOTDIR' })
  })
})

describe('in a bucket', () => {
  test('the next machine has what the first one kept', async () => {
    const kept = certificate(0)
    const first = (await machine('a', bucket())).state
    const account = await first.keepAccount({ ...newAccount(), url: 'https://ca.example/acct/1' })
    await first.keepCertificate(kept)
    const next = (await machine('b', bucket())).state
    expect(await next.certificate()).toEqual(kept)
    expect(await next.account()).toEqual(account)
    expect(lines).toEqual([])
  })

  test('of two certificates the one that is good for longer is taken', async () => {
    const { state } = await machine('a', bucket())
    await state.keepCertificate(certificate(0))
    const newer = certificate(1)
    await (await machine('b', bucket())).state.keepCertificate(newer)
    expect(await state.certificate()).toEqual(newer)
  })

  test('of two machines that open an account at once, one takes the account of the other', async () => {
    const machines = await Promise.all([machine('a', bucket()), machine('b', bucket())])
    const used = await Promise.all(machines.map(({ state }) => state.keepAccount(newAccount())))
    expect(used[0]).toEqual(used[1])
    const later = await Promise.all(machines.map(({ state }) => state.account()))
    expect(later).toEqual(used)
    expect(lines).toEqual([])
  })

  test('a bucket that refuses is told, and the folder is enough', async () => {
    const { state } = await machine('a', bucket('another'))
    const kept = certificate(0)
    await state.keepCertificate(kept)
    expect(await state.certificate()).toEqual(kept)
    expect(lines).toEqual([
      'error https: certificate.json cannot be kept in the bucket release: after a restart it is missing',
      'warn https: certificate.json cannot be read from the bucket release',
    ])
  })

  test('a bucket that does not answer at first is asked again', async () => {
    const kept = certificate(0)
    await (await machine('a', bucket())).state.keepCertificate(kept)
    let asked = 0
    const late = new CertificateBucket({
      bucket: 'release',
      region: 'ap-southeast-1',
      endpoint: `http://127.0.0.1:${oss.port}`,
      retryDelaysMs: [1, 1],
      credentials: async () => {
        asked += 1
        if (asked < 3) throw new Error('no credentials yet')
        return { accessKeyId: 'LTAI', accessKeySecret: 'secret' }
      },
    })
    expect(await (await machine('b', late)).state.certificate()).toEqual(kept)
    expect(asked).toBe(3)
  })
})

function certificateOf(name: string): { key: string; chain: string } {
  const { key, cert } = new CertificateAuthority().issue(name)
  return { key, chain: cert }
}
