import { type KeyObject, verify } from 'node:crypto'
import { ActionError } from '../action.ts'

/** An OIDC identity provider that RAM trusts, for example of a CI service. */
export interface OidcProvider {
  name: string
  /** URL in `iss` of its tokens. */
  issuer: string
  /** Values of `aud` that are accepted. */
  clientIds: readonly string[]
  /** RSA key that its tokens are signed with. */
  publicKey: KeyObject
}

/** Claims of a token that conditions of a trust policy can name, e.g. `oidc:sub`. */
export type OidcClaims = Readonly<Record<'oidc:iss' | 'oidc:aud' | 'oidc:sub', string>>

/** Returns `acs:ram::ACCOUNT:oidc-provider/NAME`. */
export function oidcProviderArn(accountId: string, name: string): string {
  return `acs:ram::${accountId}:oidc-provider/${name}`
}

/**
 * Verifies a JSON Web Token with an RS256 signature.
 * Source: RFC 7519, "AssumeRoleWithOIDC" (STS API).
 *
 * @throws ActionError
 */
export function verifyOidcToken(token: string, provider: OidcProvider, now: number): OidcClaims {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const { alg } = decode(header)
  const signed = Buffer.from(`${header}.${payload}`)
  const isGenuine =
    alg === 'RS256' &&
    verify('sha256', signed, provider.publicKey, Buffer.from(signature, 'base64url'))
  const { iss, aud, sub, exp } = decode(payload)
  if (!isGenuine || iss !== provider.issuer) throw invalid('Invalid')
  if (!provider.clientIds.includes(String(aud))) throw invalid('Invalid')
  if (!(Number(exp) * 1000 > now)) throw invalid('Expired')
  return { 'oidc:iss': String(iss), 'oidc:aud': String(aud), 'oidc:sub': String(sub) }
}

function decode(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>
  } catch {
    throw invalid('Invalid')
  }
}

function invalid(problem: 'Invalid' | 'Expired'): ActionError {
  const message =
    problem === 'Expired' ? 'This JWT Token has Expired.' : 'This JWT Token is Invalid.'
  return new ActionError(400, `AuthenticationFail.OIDCToken.${problem}`, message)
}
