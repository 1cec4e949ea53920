import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Credentials } from '@oss-direct-upload/signing'
import { z } from 'zod'
import { assumeRole, assumeRoleWithOidc } from './sts.ts'
import { credentialsFromUri, credentialsOfInstanceRole } from './temporary-credentials.ts'

const text = z.string().optional()
const cliProfile = z.object({
  name: z.string(),
  mode: z.string(),
  access_key_id: text,
  access_key_secret: text,
  sts_token: text,
  ram_role_arn: text,
  ram_session_name: text,
  ram_role_name: text,
  expired_seconds: z.number().optional(),
  source_profile: text,
  oidc_provider_arn: text,
  oidc_token_file: text,
  credentials_uri: text,
  process_command: text,
})
const cliConfig = z.object({ profiles: z.array(cliProfile) })

/** A profile of the Alibaba Cloud CLI. */
export type CliProfile = z.infer<typeof cliProfile>

/** Reads the profiles in a file of the CLI. @returns None when the file is missing or invalid */
export async function readCliProfiles(file: string): Promise<CliProfile[]> {
  try {
    return cliConfig.parse(JSON.parse(await readFile(file, 'utf8'))).profiles
  } catch {
    return []
  }
}

/**
 * Returns the credentials of a profile, whose modes the CLI's documentation describes.
 *
 * @param profiles All profiles, because one can assume a role with the credentials of another
 * @param stsHost Host of STS. @default `sts.aliyuncs.com`
 * @returns undefined without a profile of this name, or for a mode that needs a browser (CloudSSO, OAuth)
 */
export async function credentialsOfProfile(
  profiles: readonly CliProfile[],
  name: string | undefined,
  stsHost?: string,
): Promise<Credentials | undefined> {
  const profile = profiles.find((candidate) => candidate.name === name)
  switch (profile?.mode) {
    case 'AK':
      return staticKey(profile)
    case 'StsToken':
      return staticKey(profile, profile.sts_token)
    case 'RamRoleArn':
      return inRole(profile, staticKey(profile), stsHost)
    case 'ChainableRamRoleArn': {
      const others = profiles.filter((other) => other !== profile)
      const key = await credentialsOfProfile(others, profile.source_profile, stsHost)
      return inRole(profile, key, stsHost)
    }
    case 'EcsRamRole':
      return credentialsOfInstanceRole(profile.ram_role_name ?? '')
    case 'OIDC':
      return assumeRoleWithOidc({
        ...roleOf(profile, stsHost),
        oidcProviderArn: profile.oidc_provider_arn ?? '',
        oidcToken: await readFile(profile.oidc_token_file ?? '', 'utf8'),
      })
    case 'CredentialsURI':
      return credentialsFromUri(profile.credentials_uri ?? '')
    case 'External':
      return ofProcess(profile.process_command ?? '')
    default:
      return undefined
  }
}

function staticKey(profile: CliProfile, securityToken?: string): Credentials | undefined {
  const { access_key_id: accessKeyId, access_key_secret: accessKeySecret } = profile
  if (!accessKeyId || !accessKeySecret) return undefined
  return { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) }
}

function roleOf(profile: CliProfile, stsHost: string | undefined) {
  return {
    roleArn: profile.ram_role_arn ?? '',
    sessionName: profile.ram_session_name,
    sessionSeconds: profile.expired_seconds,
    stsHost,
  }
}

async function inRole(
  profile: CliProfile,
  key: Credentials | undefined,
  stsHost: string | undefined,
): Promise<Credentials | undefined> {
  return key && assumeRole(key, roleOf(profile, stsHost))
}

/** The command prints a profile of the mode AK or StsToken. */
async function ofProcess(command: string): Promise<Credentials | undefined> {
  const [file = '', ...args] = command.trim().split(/\s+/)
  const { stdout } = await promisify(execFile)(file, args)
  const profile = cliProfile.parse({ name: 'printed', ...JSON.parse(stdout) })
  return staticKey(profile, profile.mode === 'StsToken' ? profile.sts_token : undefined)
}
