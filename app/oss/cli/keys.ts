import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { UsageError } from '@oss-direct-upload/process/usage-error'
import type { AccessKey } from '../access/access-key.ts'
import { parseRamPolicy } from '../access/ram-policy.ts'

/** Parses `--key ID:SECRET` and `--token TOKEN`. @throws UsageError */
export function readKeyOptions(keys: readonly string[], token: string | undefined): AccessKey[] {
  if (token !== undefined && keys.length !== 1) {
    throw new UsageError('--token needs exactly one --key')
  }
  return keys.map((text) => {
    const [, accessKeyId = '', accessKeySecret = ''] = /^([^:\s]+):(\S+)$/.exec(text) ?? []
    if (accessKeyId === '') throw new UsageError('--key must be ID:SECRET')
    return { accessKeyId, accessKeySecret, ...(token ? { securityToken: token } : {}) }
  })
}

/** Reads a JSON list of keys. @throws UsageError */
export function readKeyFile(path: string): AccessKey[] {
  try {
    const keys: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (!Array.isArray(keys)) throw new Error('It must have a list of keys')
    return keys.map(readKey)
  } catch (error) {
    throw new UsageError(`--keys ${path} cannot be read: ${(error as Error).message}`)
  }
}

function readKey(entry: Record<string, unknown> | null): AccessKey {
  const { accessKeyId, accessKeySecret, securityToken, policies = [], ...others } = entry ?? {}
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw new Error(`A key has no "${unknown}"`)
  if (!isText(accessKeyId) || !isText(accessKeySecret)) {
    throw new Error('A key needs accessKeyId and accessKeySecret')
  }
  if (!Array.isArray(policies)) throw new Error('The policies of a key must be a list')
  return {
    accessKeyId,
    accessKeySecret,
    ...(isText(securityToken) ? { securityToken } : {}),
    ...(entry && 'policies' in entry
      ? { policies: policies.map((policy) => parseRamPolicy(JSON.stringify(policy))) }
      : {}),
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Reads the key that the environment has, by the names that the SDKs use. @throws UsageError */
export function readEnvironmentKey(env: Readonly<Record<string, string | undefined>>): AccessKey[] {
  const { OSS_ACCESS_KEY_ID: id, OSS_ACCESS_KEY_SECRET: secret, OSS_SESSION_TOKEN: token } = env
  if (!id && !secret) return []
  if (!id || !secret) {
    throw new UsageError('OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET must be set together')
  }
  return [{ accessKeyId: id, accessKeySecret: secret, ...(token ? { securityToken: token } : {}) }]
}

/** Returns a random key that may do everything. */
export function generateKey(): AccessKey {
  return {
    accessKeyId: `LOCAL${randomBytes(10).toString('hex')}`,
    accessKeySecret: randomBytes(15).toString('hex'),
  }
}
