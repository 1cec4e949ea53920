import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { UsageError } from '../../process/usage-error.ts'
import type { AccessKey } from '../access/access-key.ts'
import { parseRamPolicy } from '../access/ram-policy.ts'

const KEYS = z.array(
  z.strictObject({
    accessKeyId: z.string().min(1),
    accessKeySecret: z.string().min(1),
    securityToken: z.string().min(1).optional(),
    policies: z.array(z.unknown()).optional(),
  }),
)

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
    return KEYS.parse(JSON.parse(readFileSync(path, 'utf8'))).map(({ policies, ...key }) => ({
      accessKeyId: key.accessKeyId,
      accessKeySecret: key.accessKeySecret,
      ...(key.securityToken === undefined ? {} : { securityToken: key.securityToken }),
      ...(policies ? { policies: policies.map((one) => parseRamPolicy(JSON.stringify(one))) } : {}),
    }))
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    throw new UsageError(`--keys ${path} cannot be read: ${reason}`)
  }
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
