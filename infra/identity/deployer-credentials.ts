import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Credentials } from '@oss-direct-upload/signing'
import { type CliProfile, credentialsOfProfile, readCliProfiles } from './cli-profile.ts'
import { type AssumeRoleOptions, assumeRole, assumeRoleWithOidc, type OidcOptions } from './sts.ts'
import { credentialsFromUri, credentialsOfInstanceRole } from './temporary-credentials.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Returns the stack's configuration `alicloud:NAME`, as the text that Pulumi stores. */
export type ProviderSetting = (name: string) => string | undefined

/** Modes of a profile whose credentials the provider takes as they are. */
const DYNAMIC_MODES = ['ChainableRamRoleArn', 'OIDC', 'CredentialsURI', 'External']

/**
 * Returns the credentials of the provider itself, from the same settings, variables and profiles in
 * the same order: a key, else a profile, a URI, an instance's role or an OIDC token; then the role to
 * assume with it. `@alicloud/credentials` is no alternative: it uses no proxy and always reads the
 * profiles in the home directory.
 * Source: terraform-provider-alicloud, `alicloud/provider.go` and `connectivity/config.go`.
 *
 * @returns undefined when there are none, or only those of a profile that needs a browser
 * @throws RpcError when STS refuses
 */
export async function deployerCredentials(
  setting: ProviderSetting,
  env: Environment = process.env,
): Promise<Credentials | undefined> {
  const first = (name: string, ...variables: string[]): string | undefined =>
    setting(name) || variables.map((variable) => env[variable]).find((value) => value)
  const stsHost = block(setting, 'endpoints')?.sts || undefined
  const name = first('profile', 'ALICLOUD_PROFILE', 'ALIBABA_CLOUD_PROFILE')
  const profiles = name ? await readCliProfiles(profileFile(first)) : []
  const profile = profiles.find((candidate) => candidate.name === name)

  const key =
    staticKey(first, profile) ??
    (profile && DYNAMIC_MODES.includes(profile.mode)
      ? await credentialsOfProfile(profiles, name, stsHost)
      : undefined) ??
    (await otherCredentials(first, setting, env, profile, stsHost))
  const role = roleToAssume(setting, env, profile, stsHost)
  return key && role ? assumeRole(key, role) : key
}

type First = (name: string, ...variables: string[]) => string | undefined

function profileFile(first: First): string {
  const file =
    first(
      'sharedCredentialsFile',
      'ALICLOUD_SHARED_CREDENTIALS_FILE',
      'ALIBABA_CLOUD_CREDENTIALS_FILE',
    ) ?? join('~', '.aliyun', 'config.json')
  return file.replace(/^~(?=[/\\])/, homedir())
}

function staticKey(first: First, profile: CliProfile | undefined): Credentials | undefined {
  const hasKey = ['AK', 'StsToken', 'RamRoleArn'].includes(profile?.mode ?? '')
  const accessKeyId =
    first(
      'accessKey',
      'ALICLOUD_ACCESS_KEY',
      'ALIBABA_CLOUD_ACCESS_KEY_ID',
      'ALIBABACLOUD_ACCESS_KEY_ID',
    ) || (hasKey ? profile?.access_key_id : undefined)
  const accessKeySecret =
    first(
      'secretKey',
      'ALICLOUD_SECRET_KEY',
      'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
      'ALIBABACLOUD_ACCESS_KEY_SECRET',
    ) || (hasKey ? profile?.access_key_secret : undefined)
  if (!accessKeyId || !accessKeySecret) return undefined
  const securityToken =
    first(
      'securityToken',
      'ALICLOUD_SECURITY_TOKEN',
      'ALIBABA_CLOUD_SECURITY_TOKEN',
      'ALIBABACLOUD_SECURITY_TOKEN',
    ) || (profile?.mode === 'StsToken' ? profile.sts_token : undefined)
  return { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) }
}

async function otherCredentials(
  first: First,
  setting: ProviderSetting,
  env: Environment,
  profile: CliProfile | undefined,
  stsHost: string | undefined,
): Promise<Credentials | undefined> {
  const uri = first('credentialsUri', 'ALICLOUD_CREDENTIALS_URI', 'ALIBABA_CLOUD_CREDENTIALS_URI')
  if (uri) return credentialsFromUri(uri)
  const instanceRole =
    first('ecsRoleName', 'ALICLOUD_ECS_ROLE_NAME', 'ALIBABA_CLOUD_ECS_METADATA') ||
    (profile?.mode === 'EcsRamRole' ? profile.ram_role_name : undefined)
  if (instanceRole) return credentialsOfInstanceRole(instanceRole)
  const oidc = await oidcOptions(setting, env)
  return oidc && assumeRoleWithOidc({ ...oidc, stsHost })
}

async function oidcOptions(
  setting: ProviderSetting,
  env: Environment,
): Promise<OidcOptions | undefined> {
  const options = block(setting, 'assumeRoleWithOidc')
  if (!options) return undefined
  const file = options.oidcTokenFile || env.ALIBABA_CLOUD_OIDC_TOKEN_FILE
  return {
    roleArn: options.roleArn || env.ALIBABA_CLOUD_ROLE_ARN || '',
    sessionName: options.roleSessionName || env.ALIBABA_CLOUD_ROLE_SESSION_NAME,
    policy: options.policy,
    sessionSeconds: Number(options.sessionExpiration ?? 0),
    oidcProviderArn: options.oidcProviderArn || env.ALIBABA_CLOUD_OIDC_PROVIDER_ARN || '',
    oidcToken:
      options.oidcToken ||
      env.ALIBABA_CLOUD_OIDC_TOKEN ||
      (file ? await readFile(file, 'utf8') : ''),
  }
}

/** The provider takes the variables only when `alicloud:assumeRole` is set. */
function roleToAssume(
  setting: ProviderSetting,
  env: Environment,
  profile: CliProfile | undefined,
  stsHost: string | undefined,
): AssumeRoleOptions | undefined {
  const fromProfile = profile?.mode === 'RamRoleArn' ? profile : undefined
  const options = block(setting, 'assumeRole')
  const fromEnvironment = options && (env.ALICLOUD_ASSUME_ROLE_ARN || env.ALIBABA_CLOUD_ROLE_ARN)
  const roleArn = options?.roleArn || fromEnvironment || fromProfile?.ram_role_arn
  if (!roleArn) return undefined
  return {
    roleArn,
    sessionName:
      options?.sessionName ||
      (options && (env.ALICLOUD_ASSUME_ROLE_SESSION_NAME || env.ALIBABA_CLOUD_ROLE_SESSION_NAME)) ||
      fromProfile?.ram_session_name,
    policy: options?.policy,
    sessionSeconds: options
      ? Number(options.sessionExpiration || env.ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION || 0)
      : fromProfile?.expired_seconds,
    externalId: options?.externalId,
    stsHost,
  }
}

/** Returns a setting that is an object; Pulumi stores some of them as a list of one. */
function block(setting: ProviderSetting, name: string): Record<string, string> | undefined {
  const text = setting(name)
  if (!text) return undefined
  const value = JSON.parse(text) as Record<string, string> | Record<string, string>[]
  return Array.isArray(value) ? value[0] : value
}
