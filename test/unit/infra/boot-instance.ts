import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { renderUserData } from '../../../infra/boot/user-data.ts'
import type { ReleaseManifest } from '../../../infra/release/manifest.ts'
import { archiveFolder } from '../../../infra/release/pack/archive.ts'
import { InstanceMetadata, temporary } from '../server/instance-metadata.ts'
import { BUCKET, REGION, ReleaseStore, type ReleaseStoreOptions } from './release-store.ts'

/** The program that downloads and installs a release on an instance. */
export const FETCH_RELEASE = fileURLToPath(
  new URL('../../../infra/boot/fetch-release.py', import.meta.url),
)
/** Content of bin/node, of the secrets, and the id of the release. */
export const NODE = Buffer.from('#!/bin/sh\necho runtime\n')
export const SECRETS = 'OSS_ACCESS_KEY_SECRET="very secret"\n'
export const ID = '0123456789ab'

/** Whether the machine can run {@link FETCH_RELEASE}. */
export const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.log('Skipped: what an instance runs to get its release needs python3')

export interface RunOptions {
  /** Seconds for everything. @default 20 */
  timeout?: number
  env?: Record<string, string>
  endpoint?: string
  metadata?: string
  /** Shell command to run first, such as a limit. */
  before?: string
}

/** The folder of an instance, its metadata service, and the bucket with its release. */
export class BootInstance {
  readonly metadata = new InstanceMetadata()
  root = ''
  metadataOrigin = ''
  store!: ReleaseStore
  release!: ReleaseManifest
  #appBytes = 0
  #runtimeBytes = 0

  async open(): Promise<void> {
    this.root = await mkdtemp(join(tmpdir(), 'instance-'))
    this.metadata.credentials = temporary('STS.1', '2099-01-01T00:00:00Z')
    this.metadataOrigin = await this.metadata.start()
    await this.openStore()
  }

  async close(): Promise<void> {
    await this.metadata.stop()
    await this.store.close()
    await rm(this.root, { recursive: true })
  }

  /** Starts a bucket with a release, and boots the instance from it. */
  async openStore(options: ReleaseStoreOptions = {}): Promise<void> {
    const store = await ReleaseStore.open(options)
    const runtime = gzipSync(
      await tarOf({ 'package/LICENSE': 'MIT', 'package/bin/node': NODE, 'package/z': 'z' }),
    )
    const app = await tarOf({ 'server.mjs': 'export {}\n', 'client/assets/index-1.js': '1\n' })
    this.store = store
    this.#appBytes = app.length
    this.#runtimeBytes = runtime.length
    const release = {
      bucket: BUCKET,
      id: ID,
      app: { key: 'app/1.tar', sha256: await store.put('app/1.tar', app) },
      runtime: { key: 'runtime/1.tgz', sha256: await store.put('runtime/1.tgz', runtime) },
      secrets: {
        key: 'secrets/1.env',
        sha256: await store.put('secrets/1.env', Buffer.from(SECRETS)),
      },
    }
    await this.boot(release)
  }

  /** Writes the files of the user data to the instance. */
  async boot(release: ReleaseManifest): Promise<void> {
    this.release = release
    const environment = { OSS_BUCKET: 'photos', OSS_REGION: REGION }
    const text = renderUserData({ region: REGION, roleName: 'uploader', release, environment })
    const { write_files: files } = parse(text) as {
      write_files: { path: string; content: string }[]
    }
    for (const { path, content } of files) {
      await mkdir(dirname(join(this.root, path)), { recursive: true })
      await writeFile(join(this.root, path), content)
    }
  }

  start(options: RunOptions) {
    const program = join(this.root, 'usr/local/lib/oss-direct-upload/fetch-release.py')
    const given = [
      `--root=${this.root}`,
      `--metadata=${options.metadata ?? this.metadataOrigin}`,
      `--endpoint=${options.endpoint ?? this.store.origin}`,
      `--timeout=${options.timeout ?? 20}`,
    ]
    const script = `${options.before ?? ':'}; exec python3 -I "$@"`
    return spawn('sh', ['-c', script, 'sh', program, ...given], {
      env: { ...process.env, ...options.env },
    })
  }

  /** Runs the program to its end. Its output must contain no secret. */
  async run(
    options: RunOptions = {},
  ): Promise<{ code: number | null; output: string; failure: string }> {
    const child = this.start(options)
    let output = ''
    let failure = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      failure += chunk
    })
    const [code] = (await once(child, 'close')) as [number | null]
    expect(output + failure).not.toMatch(/very secret|secret-of|token-of|Traceback/)
    return { code, output, failure }
  }

  /** Returns the path of a file of the installed release. */
  inRelease(path: string): string {
    return join(this.root, 'opt/oss-direct-upload', ID, path)
  }

  get secretFile(): string {
    return join(this.root, 'etc/oss-direct-upload/secret.env')
  }

  installed(): Promise<string[]> {
    return readdir(join(this.root, 'opt/oss-direct-upload'))
  }

  /** The output of a run that installs the release. */
  get success(): string {
    return (
      `Downloaded runtime/1.tgz (${this.#runtimeBytes} bytes)\nDownloaded app/1.tar (${this.#appBytes} bytes)\n` +
      `Downloaded secrets/1.env (${SECRETS.length} bytes)\nThe release ${ID} is installed\n`
    )
  }
}

/** A test that gets a booted instance of its own. */
export const instanceTest = test.extend<{ instance: BootInstance }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the fixtures that it needs from the pattern
  instance: async ({}, use) => {
    const instance = new BootInstance()
    await instance.open()
    await use(instance)
    await instance.close()
  },
})

/** Returns the archive of a folder with these files. */
export async function tarOf(files: Record<string, string | Buffer>): Promise<Buffer> {
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

/** Sends half of a body of 1,000 bytes, then closes the connection. */
export function sendHalf(response: ServerResponse): true {
  response.writeHead(200, { 'Content-Length': '1000' })
  response.write(Buffer.alloc(500), () => response.destroy())
  return true
}
