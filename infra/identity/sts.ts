import type { Credentials } from '@oss-direct-upload/signing'
import { z } from 'zod'
import { callRpc } from './rpc.ts'

const answer = z.object({
  Credentials: z.object({
    AccessKeyId: z.string().min(1),
    AccessKeySecret: z.string().min(1),
    SecurityToken: z.string().min(1),
    Expiration: z.iso.datetime(),
  }),
})

const VERSION = '2015-04-01'
const DEFAULT_SECONDS = 3600
const DEFAULT_SESSION = 'terraform'

export interface RoleOptions {
  roleArn: string
  /** @default the provider's own, `terraform` */
  sessionName?: string | undefined
  /** Further restricts the session. @default none */
  policy?: string | undefined
  /** Lifetime of the session, 900 to 43200. @default 3600 */
  sessionSeconds?: number | undefined
  /** Host of STS. @default `sts.aliyuncs.com` */
  stsHost?: string | undefined
}

export interface AssumeRoleOptions extends RoleOptions {
  externalId?: string | undefined
}

/** Returns temporary credentials of a role. Source: "AssumeRole", STS API. @throws RpcError */
export function assumeRole(key: Credentials, options: AssumeRoleOptions): Promise<Credentials> {
  return session('AssumeRole', options, { ExternalId: options.externalId }, key)
}

export interface OidcOptions extends RoleOptions {
  oidcProviderArn: string
  /** Token that the identity provider has issued. */
  oidcToken: string
}

/** Returns temporary credentials of a role. Source: "AssumeRoleWithOIDC", STS API. @throws RpcError */
export function assumeRoleWithOidc(options: OidcOptions): Promise<Credentials> {
  const { oidcProviderArn: OIDCProviderArn, oidcToken: OIDCToken } = options
  return session('AssumeRoleWithOIDC', options, { OIDCProviderArn, OIDCToken })
}

async function session(
  action: string,
  options: RoleOptions,
  parameters: Record<string, string | undefined>,
  credentials?: Credentials,
): Promise<Credentials> {
  const { roleArn, sessionName, policy, sessionSeconds, stsHost = 'sts.aliyuncs.com' } = options
  const response = await callRpc({
    host: stsHost,
    version: VERSION,
    action,
    parameters: {
      RoleArn: roleArn,
      RoleSessionName: sessionName || DEFAULT_SESSION,
      DurationSeconds: String(sessionSeconds || DEFAULT_SECONDS),
      Policy: policy || undefined,
      ...parameters,
    },
    ...(credentials && { credentials }),
  })
  const { Credentials: found } = answer.parse(response)
  return {
    accessKeyId: found.AccessKeyId,
    accessKeySecret: found.AccessKeySecret,
    securityToken: found.SecurityToken,
    expiration: new Date(found.Expiration),
  }
}
