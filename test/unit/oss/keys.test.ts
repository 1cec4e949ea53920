import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readOssArguments } from '../../../app/oss/cli/arguments.ts'
import { readEnvironmentKey, readKeyFile } from '../../../app/oss/cli/keys.ts'
import { UsageError } from '../../../app/process/usage-error.ts'

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'))
  file = join(folder, 'keys.json')
})

afterEach(() => rm(folder, { recursive: true }))

test('a file may have tokens and policies', async () => {
  const policy = {
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: 'oss:PutObject', Resource: '*' }],
  }
  const keys = [
    { accessKeyId: 'A', accessKeySecret: 'a', securityToken: 't' },
    { accessKeyId: 'B', accessKeySecret: 'b', policies: [policy] },
  ]
  await writeFile(file, JSON.stringify(keys))
  expect(readKeyFile(file)).toEqual(keys)
  expect(readOssArguments(['--keys', file, '--key', 'C:c', '--token', 'u'])?.keys).toEqual([
    { accessKeyId: 'C', accessKeySecret: 'c', securityToken: 'u' },
    ...keys,
  ])
})

test.each([
  ['{}', 'It must have a list of keys'],
  ['[null]', 'A key needs accessKeyId and accessKeySecret'],
  ['[{"accessKeyId":"A"}]', 'A key needs accessKeyId and accessKeySecret'],
  ['[{"accessKeyId":"A","accessKeySecret":"a","secret":1}]', 'A key has no "secret"'],
  [
    '[{"accessKeyId":"A","accessKeySecret":"a","policies":[{}]}]',
    'The Version of a policy must be "1"',
  ],
])('a file with %s is refused', async (text, reason) => {
  await writeFile(file, text)
  expect(() => readKeyFile(file)).toThrow(
    new UsageError(`--keys ${file} cannot be read: ${reason}`),
  )
})

test('the environment has a key by the names of the SDKs', () => {
  const env = { OSS_ACCESS_KEY_ID: 'A', OSS_ACCESS_KEY_SECRET: 'a' }
  expect(readEnvironmentKey({})).toEqual([])
  expect(readEnvironmentKey(env)).toEqual([{ accessKeyId: 'A', accessKeySecret: 'a' }])
  expect(readOssArguments([], { ...env, OSS_SESSION_TOKEN: 't' })?.keys).toEqual([
    { accessKeyId: 'A', accessKeySecret: 'a', securityToken: 't' },
  ])
  expect(() => readEnvironmentKey({ OSS_ACCESS_KEY_ID: 'A' })).toThrow(
    new UsageError('OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET must be set together'),
  )
})
