import { readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect } from 'vitest'
import {
  type BootInstance,
  hasPython,
  type RunOptions,
  SECRETS,
  sendHalf,
  tarOf,
  instanceTest as test,
} from './boot-instance.ts'

const OTHER = '0'.repeat(64)

/** Publishes another archive, and boots the instance with a release that has it. */
async function publish(
  instance: BootInstance,
  archive: 'app' | 'runtime',
  bytes: Buffer,
): Promise<void> {
  const { release, store } = instance
  const sha256 = await store.put(release[archive].key, bytes)
  await instance.boot({ ...release, [archive]: { ...release[archive], sha256 } })
}

describe.skipIf(!hasPython)('an instance that cannot install its release', () => {
  test.for<[string, (instance: BootInstance) => void | Promise<void>, RunOptions, RegExp]>([
    [
      'an object that differs from the release',
      async (instance) => {
        await instance.boot({
          ...instance.release,
          app: { ...instance.release.app, sha256: OTHER },
        })
      },
      { timeout: 0.9 },
      new RegExp(
        `^app/1\\.tar differs from the release: its SHA-256 is [0-9a-f]{64}, not ${OTHER}$`,
      ),
    ],
    [
      'secrets that differ from the release',
      async (instance) => {
        const altered = `${SECRETS}NODE_OPTIONS="--import=/tmp/x.mjs"\n`
        await instance.store.put('secrets/1.env', Buffer.from(altered))
      },
      { timeout: 0.9 },
      /^secrets\/1\.env differs from the release: its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}$/,
    ],
    [
      'an object that is not there',
      async (instance) => {
        await instance.boot({
          ...instance.release,
          secrets: { key: 'secrets/2.env', sha256: OTHER },
        })
      },
      { timeout: 0.9 },
      /^OSS refused releases\/secrets\/2\.env with 404 NoSuchKey \(request [0-9A-F]+\)$/,
    ],
    [
      'a role without the right to read',
      (instance) => {
        instance.store.allowed = []
      },
      { timeout: 0.9 },
      /^OSS refused releases\/runtime\/1\.tgz with 403 AccessDenied: uploader needs oss:GetObject \(request [0-9A-F]+\)$/,
    ],
    [
      'a body that is cut off each time',
      (instance) => {
        instance.store.instead = (_request, response) => sendHalf(response)
      },
      { timeout: 2 },
      /^runtime\/1\.tgz was cut off after 500 of 1000 bytes$/,
    ],
    [
      'a body that trickles',
      (instance) => {
        instance.store.instead = (_request, response) => {
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
      (instance) => {
        instance.metadata.role = undefined
      },
      { timeout: 2 },
      /^The role uploader is not attached to this instance yet$/,
    ],
    [
      'a metadata service that fails',
      (instance) => {
        instance.metadata.instead = (_request, response) => response.writeHead(500).end()
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
      async (instance) => {
        const large = gzipSync(await tarOf({ 'package/bin/node': Buffer.alloc(1e6) }), { level: 0 })
        await publish(instance, 'runtime', large)
      },
      // In units of 512 or 1024 bytes, as the shell likes.
      { before: 'ulimit -f 200' },
      /^the disk is full$/,
    ],
    [
      'a disk that is full while unpacking',
      async (instance) => {
        const large = gzipSync(await tarOf({ 'package/bin/node': Buffer.alloc(1e6) }))
        await publish(instance, 'runtime', large)
      },
      { before: 'ulimit -f 200' },
      /^the disk is full$/,
    ],
    [
      'an archive that is none',
      async (instance) => {
        await publish(instance, 'app', Buffer.alloc(2000, 'x'))
      },
      {},
      /^an archive cannot be read: .+$/,
    ],
    [
      'an archive with a way out',
      async (instance) => {
        const tar = await tarOf({ 'aa/server.mjs': 'evil' })
        tar.write('../../evil.mjs'.padEnd(20, '\0'), 0)
        tar.write('        ', 148)
        const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0)
        tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
        await publish(instance, 'app', tar)
      },
      {},
      /^The release has a file outside its folder: \.\.\/\.\.\/evil\.mjs$/,
    ],
    [
      'an archive without the server',
      async (instance) => {
        await publish(instance, 'app', await tarOf({ 'index.html': '' }))
      },
      {},
      /^The release has no app\/server\.mjs$/,
    ],
  ])('says so: %s', async ([_what, arrange, options, sentence], { instance }) => {
    await arrange(instance)
    const { code, failure } = await instance.run(options)
    const output = failure.replace(instance.metadataOrigin, 'METADATA')
    expect(output).toMatch(/^The server cannot start: [^\n]+\n$/)
    expect(output.slice('The server cannot start: '.length, -1)).toMatch(sentence)
    expect(code).toBe(1)
    // Nothing of a release that is not whole is left, nor secrets of one.
    expect(await instance.installed().catch(() => [])).toEqual([])
    expect(await readdir(dirname(instance.secretFile))).not.toContain('secret.env')
  })

  test('without a manifest says which file is missing', async ({ instance }) => {
    await rm(join(instance.root, 'etc/oss-direct-upload/release.json'))
    expect(await instance.run()).toEqual({
      code: 1,
      output: '',
      failure: `The server cannot start: ${instance.root}/etc/oss-direct-upload/release.json: No such file or directory\n`,
    })
  })
})
