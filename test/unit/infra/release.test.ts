import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeEach, expect, test, vi } from 'vitest'
import { UserError } from '../../../infra/pulumi/user-error.ts'
import { packOwnApp, packOwnRuntime } from '../../../infra/release/pack/pack-release.ts'
import { Release, type ReleaseArgs } from '../../../infra/release/release.ts'
import { secretFile } from '../../../infra/release/secret-file.ts'
import { recordRegistrations, resolved, settled, UNKNOWN, unknown } from './registrations.ts'

vi.mock('../../../infra/release/pack/pack-release.ts')

const APP = 'a'.repeat(64)
const NODE = { x86_64: 'b'.repeat(64), arm64: 'c'.repeat(64) }
/** Of the file with the secret variables below. */
const SECRETS = 'f13e15b0bdf4eadd63846807d0d6b4676378244d4f1dccfc0009eb638631f986'
const args: ReleaseArgs = {
  bucketName: 'shop-releases',
  architecture: 'x86_64',
  secretEnvironment: { OSS_ACCESS_KEY_ID: 'LTAI', OSS_ACCESS_KEY_SECRET: 'a "secret"' },
  tags: { team: 'web' },
}

beforeEach(() => {
  vi.mocked(packOwnApp).mockResolvedValue({ path: '/here/app.tar', sha256: APP })
  vi.mocked(packOwnRuntime).mockImplementation(async (architecture) => ({
    path: `/here/${architecture}.tgz`,
    sha256: NODE[architecture],
  }))
})

async function release(change: Partial<ReleaseArgs> = {}, preview = false) {
  const recorded = await recordRegistrations({ preview })
  const made = new Release('release', { ...args, ...change })
  await settled()
  return { recorded, manifest: await resolved(made.manifest), made }
}

test('a release is a private bucket with the app, a runtime and the secrets', async () => {
  const { recorded, made } = await release()
  const [component, ...children] = recorded
  expect(component).toEqual({
    type: 'oss-direct-upload:index:Release',
    name: 'release',
    inputs: {},
    options: {},
  })
  expect(children.every(({ parent }) => parent === 'release')).toBe(true)
  const object = { bucket: 'shop-releases', acl: 'private', serverSideEncryption: 'AES256' }
  const key = `secrets/${SECRETS}.env`
  const secretText =
    '# 3470df9f5250247f6f500075703a9ebb\nOSS_ACCESS_KEY_ID="LTAI"\nOSS_ACCESS_KEY_SECRET="a \\"secret\\""\n'
  expect(
    Object.fromEntries(children.map(({ name, type, inputs }) => [name, [type, inputs]])),
  ).toEqual({
    'release-bucket': [
      'alicloud:oss/bucket:Bucket',
      { bucket: 'shop-releases', forceDestroy: true, tags: { team: 'web' } },
    ],
    'release-acl': [
      'alicloud:oss/bucketAcl:BucketAcl',
      { bucket: 'shop-releases', acl: 'private' },
    ],
    'release-public-access-block': [
      'alicloud:oss/bucketPublicAccessBlock:BucketPublicAccessBlock',
      { bucket: 'shop-releases', blockPublicAccess: true },
    ],
    'release-policy': [
      'alicloud:oss/bucketPolicy:BucketPolicy',
      {
        bucket: 'shop-releases',
        policy: JSON.stringify({
          Version: '1',
          Statement: [
            {
              Effect: 'Deny',
              Action: ['oss:*'],
              Principal: ['*'],
              Resource: ['acs:oss:*:*:shop-releases', 'acs:oss:*:*:shop-releases/*'],
              Condition: { Bool: { 'acs:SecureTransport': ['false'] } },
            },
          ],
        }),
      },
    ],
    'release-app': [
      'alicloud:oss/bucketObject:BucketObject',
      {
        ...object,
        key: `app/${APP}.tar`,
        source: '/here/app.tar',
        contentType: 'application/x-tar',
      },
    ],
    'release-runtime': [
      'alicloud:oss/bucketObject:BucketObject',
      {
        ...object,
        key: `runtime/${NODE.x86_64}.tgz`,
        source: '/here/x86_64.tgz',
        contentType: 'application/gzip',
      },
    ],
    'release-secrets': [
      'alicloud:oss/bucketObject:BucketObject',
      { ...object, key, content: { secret: secretText }, contentType: 'text/plain' },
    ],
  })
  expect(await resolved(made.bucketName)).toBe('shop-releases')
})

test('neither a path of this machine nor a property that is set elsewhere is a change', async () => {
  const { recorded } = await release()
  const options = Object.fromEntries(recorded.map(({ name, options }) => [name, options]))
  expect(options['release-bucket']).toEqual({ ignoreChanges: ['policy'] })
  expect(options['release-public-access-block']?.dependsOn).toContain('release-acl')
  expect(options['release-policy']?.dependsOn).toContain('release-public-access-block')
  for (const name of ['app', 'runtime', 'secrets']) {
    expect(options[`release-${name}`]?.ignoreChanges).toEqual(['source'])
    // Stored once nobody else can read it.
    expect(options[`release-${name}`]?.dependsOn).toContain('release-policy')
  }
})

test('the manifest names everything and contains no secret', async () => {
  const { manifest, made } = await release()
  expect(manifest).toEqual({
    bucket: 'shop-releases',
    app: { key: `app/${APP}.tar`, sha256: APP },
    runtime: { key: `runtime/${NODE.x86_64}.tgz`, sha256: NODE.x86_64 },
    secrets: { key: `secrets/${SECRETS}.env`, sha256: SECRETS },
    id: expect.stringMatching(/^[0-9a-f]{12}$/),
  })
  expect(JSON.stringify(manifest)).not.toContain('LTAI')
  const isSecret = await (made.manifest as unknown as { isSecret: Promise<boolean> }).isSecret
  expect(isSecret).toBe(false)
})

test('the same release has the same id, and every change gives another', async () => {
  const { manifest } = await release()
  expect((await release()).manifest).toEqual(manifest)
  const ids = [manifest.id]
  ids.push((await release({ architecture: 'arm64' })).manifest.id)
  ids.push((await release({ secretEnvironment: { ACCESS_CODE: 'open sesame' } })).manifest.id)
  vi.mocked(packOwnApp).mockResolvedValue({ path: '/here/app.tar', sha256: 'd'.repeat(64) })
  ids.push((await release()).manifest.id)
  expect(new Set(ids).size).toBe(4)
})

test('Node is the one for the architecture', async () => {
  const { manifest, recorded } = await release({ architecture: 'arm64' })
  expect(manifest.runtime).toEqual({ key: `runtime/${NODE.arm64}.tgz`, sha256: NODE.arm64 })
  expect(recorded.find(({ name }) => name === 'release-runtime')?.inputs.source).toBe(
    '/here/arm64.tgz',
  )
})

test('a secret that the server does not know is refused', async () => {
  const secretEnvironment = { ACCESS_CODE: 'open sesame', NODE_OPTIONS: '--import=/tmp/x.mjs' }
  expect(() => secretFile(secretEnvironment)).toThrow(
    new UserError(
      '"NODE_OPTIONS" is no secret variable of the server: ACCESS_CODE, OSS_ACCESS_KEY_ID, ' +
        'OSS_ACCESS_KEY_SECRET, TOKEN_SECRET',
    ),
  )
})

test('without secret variables there is no such object', async () => {
  const recorded = await recordRegistrations()
  const { bucketName, architecture } = args
  const made = new Release('release', { bucketName, architecture })
  await settled()
  expect(recorded.map(({ name }) => name)).not.toContain('release-secrets')
  expect(Object.keys(await resolved(made.manifest))).toEqual(['bucket', 'app', 'runtime', 'id'])
})

test('a preview knows the app and Node of a new release, but no secret that does not exist yet', async () => {
  const { recorded, made } = await release(
    { secretEnvironment: { OSS_ACCESS_KEY_ID: 'LTAI', OSS_ACCESS_KEY_SECRET: unknown<string>() } },
    true,
  )
  const inputs = Object.fromEntries(recorded.map(({ name, inputs }) => [name, inputs]))
  expect(inputs['release-app']?.key).toBe(`app/${APP}.tar`)
  expect(inputs['release-runtime']?.key).toBe(`runtime/${NODE.x86_64}.tgz`)
  expect(inputs['release-secrets']).toMatchObject({ key: UNKNOWN, content: { secret: UNKNOWN } })
  expect(await (made.manifest as unknown as { isKnown: Promise<boolean> }).isKnown).toBe(false)
})

test('a preview without a known architecture downloads no Node', async () => {
  vi.mocked(packOwnRuntime).mockClear()
  const { recorded } = await release({ architecture: unknown() }, true)
  expect(recorded.find(({ name }) => name === 'release-runtime')?.inputs).toMatchObject({
    key: UNKNOWN,
    source: UNKNOWN,
  })
  expect(packOwnRuntime).not.toHaveBeenCalled()
})

test('a failure to pack ends the update with one message', async () => {
  // A checkout without a lockfile; in a process of its own, as Pulumi takes failures from there.
  const root = await mkdtemp(join(tmpdir(), 'release-'))
  const own = fileURLToPath(new URL('../../..', import.meta.url))
  for (const folder of ['infra', 'app/retry']) {
    await cp(join(own, folder), join(root, folder), { recursive: true })
  }
  await symlink(join(own, 'node_modules'), join(root, 'node_modules'))
  await writeFile(join(root, 'package.json'), '{"type":"module"}')
  await writeFile(
    join(root, 'program.ts'),
    `import * as pulumi from '@pulumi/pulumi'
    import { Release } from './infra/release/release.ts'
    const reported = new Set()
    process.on('unhandledRejection', (error) => {
      const isNew = !reported.has(error)
      reported.add(error)
      if (isNew) console.log(pulumi.RunError.isInstance(error), error.message)
    })
    const newResource = ({ name, inputs }) => ({ id: name, state: inputs })
    await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, 'shop', 'dev', true)
    new Release('release', { bucketName: 'shop-releases', architecture: 'x86_64' })`,
  )
  const { stdout } = await promisify(execFile)(process.execPath, ['program.ts'], { cwd: root })
  await rm(root, { recursive: true })
  expect(stdout).toBe(
    'true package-lock.json is missing or invalid: restore it, for example with "git restore package-lock.json"\n',
  )
})
