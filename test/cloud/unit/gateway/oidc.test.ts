import { beforeEach, expect, test } from 'vitest'
import { OidcIssuer, type TokenClaims } from '../../control-plane/sts/oidc-issuer.ts'
import { oidcProviderArn } from '../../control-plane/sts/oidc-provider.ts'
import { clock, closeCloudAfterEach, cloud, sendThroughProxy, startCloud } from './api-client.ts'
import { ACCOUNT_ID, call, outcome } from './permission-setup.ts'
import { trustDocument } from './ram-calls.ts'

const ROLE = `acs:ram::${ACCOUNT_ID}:role/ci`
const PROVIDER = oidcProviderArn(ACCOUNT_ID, 'ci')
const SUBJECT = 'repo:photos:ref:refs/heads/main'
const issuer = new OidcIssuer('https://ci.example')

beforeEach(async () => {
  await startCloud({ propagationMs: 0 })
  cloud.account.directory.oidcProviders.set('ci', issuer.provider('ci', ['alibaba']))
  const condition = { StringEquals: { 'oidc:sub': SUBJECT, 'oidc:aud': 'alibaba' } }
  const trust = trustDocument({ Federated: [PROVIDER] }, condition)
  await call('CreateRole', { RoleName: 'ci', AssumeRolePolicyDocument: trust })
  const policy = { PolicyName: 'AliyunRAMFullAccess', PolicyType: 'System' }
  await call('AttachPolicyToRole', { RoleName: 'ci', ...policy })
})
closeCloudAfterEach()

const token = (claims: Partial<TokenClaims> = {}, from = issuer) =>
  from.issue({ aud: 'alibaba', sub: SUBJECT, exp: clock.ms / 1000 + 1, ...claims })

/** Calls AssumeRoleWithOIDC without a signature. */
async function assume(parameters: Record<string, string> = {}, headers = {}) {
  const query = new URLSearchParams({
    ...(Object.keys(headers).length === 0 && {
      Action: 'AssumeRoleWithOIDC',
      Version: '2015-04-01',
    }),
    OIDCProviderArn: PROVIDER,
    RoleArn: ROLE,
    RoleSessionName: 'build',
    OIDCToken: token(),
    ...parameters,
  })
  const url = `https://sts.aliyuncs.com/?${query}`
  const { status, text } = await sendThroughProxy(cloud, url, { method: 'POST', headers })
  return { status, body: JSON.parse(text) as { Code?: string; Credentials?: object } }
}

test.each([
  ['in the query', {}],
  ['in headers', { 'x-acs-action': 'AssumeRoleWithOIDC', 'x-acs-version': '2015-04-01' }],
])(
  'a token gives credentials of the role without a key, with the action %s',
  async (_, headers) => {
    const { status, body } = await assume({}, headers)
    expect([status, body.Code]).toEqual([200, undefined])
    const { AccessKeyId, AccessKeySecret, SecurityToken } = body.Credentials as Record<
      string,
      string
    >
    const as = {
      accessKeyId: AccessKeyId ?? '',
      accessKeySecret: AccessKeySecret ?? '',
      securityToken: SecurityToken ?? '',
    }
    expect(await outcome('ListUsers', {}, { as })).toBe('200')
    const [entry] = cloud.audit.find({ action: 'sts:AssumeRoleWithOIDC' })
    expect([entry?.caller, entry?.parameters.OIDCToken]).toEqual(['anonymous', '***'])
  },
)

test.each<[string, () => Record<string, string>, string]>([
  ['no JWT', () => ({ OIDCToken: 'x' }), '400 AuthenticationFail.OIDCToken.Invalid'],
  [
    'a token of another issuer',
    () => ({ OIDCToken: token({}, new OidcIssuer('https://ci.example')) }),
    '400 AuthenticationFail.OIDCToken.Invalid',
  ],
  [
    'another audience',
    () => ({ OIDCToken: token({ aud: 'other' }) }),
    '400 AuthenticationFail.OIDCToken.Invalid',
  ],
  [
    'an expired token',
    () => ({ OIDCToken: token({ exp: clock.ms / 1000 }) }),
    '400 AuthenticationFail.OIDCToken.Expired',
  ],
  ['another subject', () => ({ OIDCToken: token({ sub: 'repo:others' }) }), '403 NoPermission'],
  [
    'an unknown provider',
    () => ({ OIDCProviderArn: `${PROVIDER}2` }),
    '404 EntityNotExist.OIDCProvider',
  ],
  ['an unknown role', () => ({ RoleArn: `${ROLE}2` }), '404 EntityNotExist.Role'],
])('%s gives no credentials', async (_what, parameters, expected) => {
  const { status, body } = await assume(parameters())
  expect(`${status} ${body.Code}`).toBe(expected)
})

test('other actions still need a signature', async () => {
  const url = 'https://sts.aliyuncs.com/?Action=GetCallerIdentity&Version=2015-04-01'
  const { status, text } = await sendThroughProxy(cloud, url)
  expect([status, JSON.parse(text).Code]).toEqual([400, 'MissingAccessKeyId'])
})
