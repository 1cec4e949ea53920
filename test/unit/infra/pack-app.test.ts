import { execFileSync } from 'node:child_process'
import {
  appendFile,
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { list } from 'tar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UserError } from '../../../infra/pulumi/user-error.ts'
import { archiveFolder } from '../../../infra/release/pack/archive.ts'
import type { Checkout } from '../../../infra/release/pack/checkout.ts'
import { fileDigest } from '../../../infra/release/pack/file-digest.ts'
import { packApp } from '../../../infra/release/pack/pack-app.ts'
import { readPackageLock } from '../../../infra/release/pack/package-lock.ts'
import { linkPackages } from '../../link-packages.ts'

const OWN = fileURLToPath(new URL('../../..', import.meta.url))
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pack-app-'))
})
afterAll(() => rm(dir, { recursive: true }))

/** A copy of what the app is built from, in a folder of its own. */
async function copy(name: string): Promise<Checkout> {
  const root = join(dir, name)
  await mkdir(root)
  await cp(join(OWN, 'app'), join(root, 'app'), { recursive: true })
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json']) {
    await cp(join(OWN, file), join(root, file))
  }
  await linkPackages(root)
  return { root, cache: join(root, 'cache') }
}

async function pack(checkout: Checkout) {
  const before = process.cpuUsage()
  const file = await packApp(checkout, await readPackageLock(checkout))
  const { user, system } = process.cpuUsage(before)
  // Of the processor, as the clock also measures what else the machine does.
  return { ...file, seconds: (user + system) / 1e6 }
}

async function entriesOf(path: string) {
  const entries: { path: string; mode: number; mtime: number; uid: number | undefined }[] = []
  await list({
    file: path,
    onReadEntry: ({ path: name, mode, mtime, uid }) => {
      entries.push({ path: name, mode: mode ?? 0, mtime: mtime?.getTime() ?? -1, uid })
    },
  })
  return entries
}

test('the same files give the same archive, whatever their times, modes and order of creation', async () => {
  const [one, other] = [join(dir, 'one'), join(dir, 'other')]
  for (const [folder, names] of [
    [one, ['b/2', 'b/1', 'a', '@x']],
    [other, ['@x', 'a', 'b/1', 'b/2']],
  ] as const) {
    await mkdir(join(folder, 'b'), { recursive: true })
    for (const name of names) await writeFile(join(folder, name), `content of ${name}`)
  }
  await chmod(join(other, 'a'), 0o700)
  await chmod(join(other, 'b/1'), 0o600)
  await utimes(join(other, 'b/2'), 1, 1)
  await archiveFolder(one, join(dir, 'one.tar'))
  await archiveFolder(other, join(dir, 'other.tar'))
  expect(await readFile(join(dir, 'one.tar'))).toEqual(await readFile(join(dir, 'other.tar')))
  expect(await entriesOf(join(dir, 'one.tar'))).toEqual(
    ['./@x', 'a', 'b/1', 'b/2'].map((path) => ({ path, mode: 0o644, mtime: 0, uid: undefined })),
  )
})

describe('the app', { timeout: 120_000 }, () => {
  let first: Checkout

  test('is the same in two folders, named after its content, and taken from the cache', async () => {
    first = await copy('first')
    const other = await copy('a folder with another name')
    const cold = await pack(first)
    expect(cold.path).toBe(join(first.cache, 'app', `${cold.sha256}.tar`))
    expect(await fileDigest(cold.path)).toBe(cold.sha256)
    const elsewhere = await pack(other)
    expect(elsewhere.sha256).toBe(cold.sha256)
    // The checkout itself has its packages within it, the copies have them elsewhere.
    const own = await pack({ root: OWN, cache: join(dir, 'cache of the checkout') })
    expect(own.sha256).toBe(cold.sha256)
    const warm = await pack(first)
    expect([warm.path, warm.sha256]).toEqual([cold.path, cold.sha256])
    expect(warm.seconds).toBeLessThan(0.3)
    expect(await readdir(join(first.cache, 'app'))).toHaveLength(2)
  })

  test('contains the server and the page, and no path of this machine', async () => {
    const { path } = await pack(first)
    const names = (await entriesOf(path)).map((entry) => entry.path)
    expect(names).toContain('server.mjs')
    expect(names).toContain('client/index.html')
    expect(names.filter((name) => !/^(server\.mjs|client\/)/.test(name))).toEqual([])
    const bytes = await readFile(path, 'latin1')
    for (const here of [OWN, dir, 'node_modules/']) expect(bytes.includes(here)).toBe(false)
  })

  test('runs without packages', async () => {
    const { path } = await pack(first)
    const folder = join(dir, 'unpacked')
    await mkdir(folder)
    execFileSync('tar', ['-xf', path, '-C', folder])
    const help = execFileSync(process.execPath, ['server.mjs', '--help'], { cwd: folder })
    expect(help.toString()).toMatch(/^Usage: npm run server\n/)
    const bad = execFileSync(
      'sh',
      ['-c', `PORT=x '${process.execPath}' server.mjs 2>&1; echo "status $?"`],
      { cwd: folder, env: { OSS_BUCKET: 'photos' } },
    )
    expect(bad.toString()).toBe(
      'The configuration cannot be used:\n  OSS_ACCESS_KEY_ID must be set\n' +
        '  OSS_ACCESS_KEY_SECRET must be set\n  OSS_REGION must be set\n' +
        '  PORT must be a whole number from 0 to 65535\nstatus 1\n',
    )
  })

  test('does not depend on the environment of the build', async () => {
    const before = await pack(first)
    const original = { ...process.env }
    Object.assign(process.env, { NODE_ENV: 'development', VITE_X: '1', NODE_OPTIONS: '--bad' })
    try {
      const again = await pack({ ...first, cache: join(dir, 'another cache') })
      expect(again.sha256).toBe(before.sha256)
    } finally {
      process.env = original
    }
  })

  test('is rebuilt when a source changes, and the same again once that is reverted', async () => {
    const before = await pack(first)
    const page = join(first.root, 'app/client/page/index.html')
    const text = await readFile(page, 'utf8')
    await writeFile(page, text.replace('<body', '<body data-new="1"'))
    const changed = await pack(first)
    expect(changed.sha256).not.toBe(before.sha256)
    await writeFile(page, text)
    const back = await pack(first)
    expect(back.sha256).toBe(before.sha256)
    expect(back.seconds).toBeLessThan(0.3)
  })

  test('is rebuilt when the cache is damaged', async () => {
    const before = await pack(first)
    await appendFile(before.path, 'x')
    const after = await pack(first)
    expect(after.sha256).toBe(before.sha256)
    expect(await fileDigest(after.path)).toBe(before.sha256)
  })

  test('can be packed by several processes at once', async () => {
    const checkout = { ...first, cache: join(dir, 'shared cache') }
    const all = await Promise.all([pack(checkout), pack(checkout)])
    expect(all[0].sha256).toBe(all[1].sha256)
    expect(await fileDigest(all[0].path)).toBe(all[0].sha256)
    expect((await readdir(join(checkout.cache, 'app'))).sort()).toHaveLength(2)
  })

  test('leaves the newest archives in the cache, and no temporary folder of a killed process', async () => {
    const folder = join(dir, 'old cache/app')
    await mkdir(join(folder, 'work-abc'), { recursive: true })
    await mkdir(join(folder, 'work-now'))
    await utimes(join(folder, 'work-abc'), 1, 1)
    for (let n = 0; n < 30; n += 1) {
      await writeFile(join(folder, `${n}.tar`), 'old')
      await utimes(join(folder, `${n}.tar`), 1000 + n, 1000 + n)
    }
    const { sha256 } = await pack({ ...first, cache: join(dir, 'old cache') })
    const files = await readdir(folder)
    expect(files).toHaveLength(21)
    expect(files).toContain(`${sha256}.tar`)
    expect(files).toContain('work-now')
    expect(files).toContain('12.tar')
    expect(files).not.toContain('11.tar')
  })

  test("that cannot be built fails with the build's output", async () => {
    const broken = await copy('broken')
    await writeFile(join(broken.root, 'app/server/main.ts'), "import './nowhere.ts'\n")
    const error = await pack(broken).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UserError)
    const { message } = error as UserError
    expect(message).toMatch(/^The app cannot be built:\n/)
    expect(message).toContain('./nowhere.ts')
    expect(message).not.toMatch(/\n\s+at |\u001b/)
    expect(await readdir(join(broken.cache, 'app'))).toEqual([])
  })

  test('whose packages are not those of package-lock.json is refused', async () => {
    const stale = await copy('stale')
    const path = join(stale.root, 'package-lock.json')
    const lock = JSON.parse(await readFile(path, 'utf8'))
    lock.packages['node_modules/express'].version = '5.99.0'
    await writeFile(path, JSON.stringify(lock))
    await expect(pack(stale)).rejects.toThrow(
      new UserError(
        'The app cannot be packed: the package express is not installed in version 5.99.0, as ' +
          'package-lock.json says; run "npm install"',
      ),
    )
  })

  test('without package-lock.json is refused', async () => {
    const bare = await copy('bare')
    await rm(join(bare.root, 'package-lock.json'))
    await expect(pack(bare)).rejects.toThrow(
      new UserError(
        'package-lock.json is missing or invalid: restore it, for example with "git restore package-lock.json"',
      ),
    )
  })
})
