import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Credentials } from '../../../app/signing/index.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What the stack's configuration says of `alicloud:NAME`. */
export type ProviderSetting = (name: string) => string | undefined

const VARIABLES = {
  id: ['ALICLOUD_ACCESS_KEY', 'ALIBABA_CLOUD_ACCESS_KEY_ID', 'ALIBABACLOUD_ACCESS_KEY_ID'],
  secret: [
    'ALICLOUD_SECRET_KEY',
    'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
    'ALIBABACLOUD_ACCESS_KEY_SECRET',
  ],
  token: ['ALICLOUD_SECURITY_TOKEN', 'ALIBABA_CLOUD_SECURITY_TOKEN', 'ALIBABACLOUD_SECURITY_TOKEN'],
  profile: ['ALICLOUD_PROFILE', 'ALIBABA_CLOUD_PROFILE'],
  file: ['ALICLOUD_SHARED_CREDENTIALS_FILE', 'ALIBABA_CLOUD_CREDENTIALS_FILE'],
}

/**
 * The key that the provider itself would use: out of the stack's configuration, the environment,
 * or a profile of the Alibaba Cloud CLI that holds a key.
 * Source of names and order: terraform-provider-alicloud, `alicloud/provider.go`.
 *
 * @returns undefined for credentials of another kind, such as an instance's role
 */
export async function deployerCredentials(
  setting: ProviderSetting,
  env: Environment = process.env,
): Promise<Credentials | undefined> {
  const first = (names: readonly string[]): string | undefined =>
    names.map((name) => env[name]).find((value) => value)
  const key = credentials(
    setting('accessKey') || first(VARIABLES.id),
    setting('secretKey') || first(VARIABLES.secret),
    setting('securityToken') || first(VARIABLES.token),
  )
  if (key) return key
  const profile = setting('profile') || first(VARIABLES.profile)
  if (!profile) return undefined
  const file =
    setting('sharedCredentialsFile') || first(VARIABLES.file) || join('~', '.aliyun', 'config.json')
  return ofProfile(file.replace(/^~(?=[/\\])/, homedir()), profile)
}

function credentials(
  id: string | undefined,
  secret: string | undefined,
  token: string | undefined,
): Credentials | undefined {
  if (!id || !secret) return undefined
  const key = { accessKeyId: id, accessKeySecret: secret }
  return token ? { ...key, securityToken: token } : key
}

interface CliProfile {
  name?: string
  mode?: string
  access_key_id?: string
  access_key_secret?: string
  sts_token?: string
}

async function ofProfile(file: string, name: string): Promise<Credentials | undefined> {
  let profiles: CliProfile[]
  try {
    profiles =
      (JSON.parse(await readFile(file, 'utf8')) as { profiles?: CliProfile[] }).profiles ?? []
  } catch {
    return undefined
  }
  const profile = profiles.find((candidate) => candidate.name === name)
  if (profile?.mode !== 'AK' && profile?.mode !== 'StsToken') return undefined
  const token = profile.mode === 'StsToken' ? profile.sts_token : undefined
  return credentials(profile.access_key_id, profile.access_key_secret, token)
}
