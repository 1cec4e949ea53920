import { evaluatePolicies } from '@oss-direct-upload/embedded-oss'
import { type ActionCall, ActionError, type Caller, type Product } from '../action.ts'
import { defineProduct } from '../define-product.ts'
import type { RamRole } from '../ram/entities.ts'
import type { RamDirectory } from '../ram/ram-directory.ts'
import { roleArn } from '../ram/role-actions.ts'
import { trustsFederated, trustsIdentity } from '../ram/trust-policy.ts'
import { secondText } from '../time-text.ts'
import { oidcProviderArn, verifyOidcToken } from './oidc-provider.ts'
import type { RoleSessions } from './role-sessions.ts'

/** Security Token Service, 2015-04-01. Source: "STS API", Alibaba Cloud RAM documentation. */
export function stsProduct(directory: RamDirectory, sessions: RoleSessions): Product {
  const { accountId } = directory
  return defineProduct({
    code: 'sts',
    version: '2015-04-01',
    actions: {
      GetCallerIdentity: {
        open: true,
        parameters: [],
        handle: (call) => identityOf(callerOf(call), accountId),
      },
      AssumeRole: {
        // Checked below, because the ARN of the role has another form here.
        open: true,
        parameters: ['RoleArn', 'RoleSessionName', 'DurationSeconds?'],
        handle: (call) => {
          const role = findRole(directory, call)
          checkMayAssume(callerOf(call), role, accountId, call)
          return beginSession(role, call)
        },
      },
      AssumeRoleWithOIDC: {
        anonymous: true,
        open: true,
        parameters: [
          'OIDCProviderArn',
          'RoleArn',
          'OIDCToken',
          'RoleSessionName',
          'DurationSeconds?',
          // SDKs send it with every call.
          'AcceptLanguage?',
        ],
        handle: (call) => {
          const { OIDCProviderArn = '', OIDCToken = '' } = call.parameters
          const role = findRole(directory, call)
          const provider = [...directory.oidcProviders.values()].find(
            ({ name }) => oidcProviderArn(accountId, name) === OIDCProviderArn,
          )
          if (!provider) {
            throw new ActionError(
              404,
              'EntityNotExist.OIDCProvider',
              'The OIDC Provider not exists.',
            )
          }
          const claims = verifyOidcToken(OIDCToken, provider, call.now)
          if (!trustsFederated(role.trust, OIDCProviderArn, claims)) throw notAuthorised()
          return beginSession(role, call)
        },
      },
    },
  })

  function beginSession(role: RamRole, { parameters, now }: ActionCall): object {
    const { RoleSessionName: name = '', DurationSeconds } = parameters
    if (!/^[A-Za-z0-9.@_-]{2,64}$/.test(name)) {
      throw new ActionError(
        400,
        'InvalidParameter.RoleSessionName',
        'RoleSessionName is 2 to 64 letters, digits and . @ - _',
      )
    }
    const session = sessions.begin(role, name, readDuration(DurationSeconds, role), now)
    return {
      Credentials: {
        AccessKeyId: session.accessKeyId,
        AccessKeySecret: session.accessKeySecret,
        SecurityToken: session.securityToken,
        Expiration: secondText(session.expiration),
      },
      AssumedRoleUser: {
        Arn: `${roleArn(accountId, role.roleName)}/${name}`,
        AssumedRoleId: `${role.roleId}:${name}`,
      },
    }
  }
}

function identityOf({ kind, arn, principalId }: Caller, accountId: string): object {
  const common = { AccountId: accountId, Arn: arn, PrincipalId: principalId }
  if (kind === 'account') return { ...common, IdentityType: 'Account', UserId: accountId }
  if (kind === 'user') return { ...common, IdentityType: 'RAMUser', UserId: principalId }
  return { ...common, IdentityType: 'AssumedRoleUser', RoleId: principalId.split(':')[0] }
}

function callerOf({ caller }: ActionCall): Caller {
  if (!caller) throw new Error('STS is called through the gateway only')
  return caller
}

function findRole(directory: RamDirectory, { parameters, now }: ActionCall): RamRole {
  const { RoleArn: arn = '' } = parameters
  const name = new RegExp(`^acs:ram::${directory.accountId}:role/(.+)$`).exec(arn)?.[1] ?? ''
  const role = [...directory.roles.values()].find(
    ({ roleName }) => roleName.toLowerCase() === name.toLowerCase(),
  )
  if (role && directory.isKnown(role.created, now)) return role
  throw new ActionError(404, 'EntityNotExist.Role', `The role not exists: ${arn}`)
}

function checkMayAssume(
  caller: Caller,
  role: RamRole,
  accountId: string,
  { now }: ActionCall,
): void {
  if (caller.kind === 'account') {
    throw new ActionError(403, 'NoPermission', 'Roles may not be assumed by root accounts.')
  }
  const request = {
    action: 'sts:AssumeRole',
    resource: roleArn(accountId, role.roleName),
    context: { 'acs:CurrentTime': new Date(now).toISOString() },
  }
  const allowed = evaluatePolicies(caller.policies ?? [], request) === 'allow'
  if (allowed && trustsIdentity(role.trust, caller.arn, accountId)) return
  throw notAuthorised()
}

function notAuthorised(): ActionError {
  return new ActionError(
    403,
    'NoPermission',
    'You are not authorized to do this action. You should be authorized by RAM: sts:AssumeRole.',
  )
}

function readDuration(text: string | undefined, role: RamRole): number {
  if (text === undefined || text === '') return 3600
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (seconds >= 900 && seconds <= role.maxSessionDuration) return seconds
  throw new ActionError(
    400,
    'InvalidParameter.DurationSeconds',
    `DurationSeconds is from 900 to ${role.maxSessionDuration}.`,
  )
}
