import { evaluatePolicies } from '@oss-direct-upload/embedded-oss'
import { type Action, ActionError, type ActionParameters, type Caller } from '../action.ts'
import type { Connection } from './connection.ts'

/** Actions that pass a role, for which the caller needs a permission, too, and its parameter. */
const PASS_ROLE: Readonly<Record<string, string>> = {
  'ecs:AttachInstanceRamRole': 'RamRoleName',
  'ecs:RunInstances': 'RamRoleName',
  'ess:CreateScalingConfiguration': 'RamRoleName',
  'ess:ModifyScalingConfiguration': 'RamRoleName',
}

export interface Authorisation {
  caller: Caller
  action: Action
  parameters: ActionParameters
  accountId: string
  region: string
  now: number
  connection: Connection
}

/** Returns the permissions, with their resources, that a call needs. */
export function requiredPermissions({
  action,
  parameters,
  accountId,
  region: asked,
}: Pick<Authorisation, 'action' | 'parameters' | 'accountId' | 'region'>): [
  permission: string,
  resource: string,
][] {
  if (action.open) return []
  const [product = ''] = action.permission.split(':')
  // These products have no regions.
  const region = ['ram', 'sts', 'bssapi', 'quotas'].includes(product) ? '*' : asked
  const named = action.resources?.(parameters) ?? []
  const needed = (named.length > 0 ? named : ['*']).map((resource): [string, string] => [
    action.permission,
    `acs:${product}:${region}:${accountId}:${resource}`,
  ])
  const role = parameters[PASS_ROLE[action.permission] ?? '']
  if (role) needed.push(['ram:PassRole', `acs:ram:*:${accountId}:role/${role}`])
  return needed
}

/**
 * Checks whether RAM allows a call.
 * Sources: "Policy evaluation process", Alibaba Cloud RAM documentation; the authorisation tables of
 * each product.
 *
 * @throws ActionError 403 that names the action
 */
export function authoriseCall(call: Authorisation): void {
  if (call.caller.policies === undefined) return
  for (const [permission, resource] of requiredPermissions(call)) need(permission, resource, call)
}

function need(permission: string, resource: string, call: Authorisation): void {
  const { caller, now, connection, parameters } = call
  const context = {
    'acs:CurrentTime': new Date(now).toISOString(),
    'acs:SourceIp': connection.clientAddress,
    'acs:SecureTransport': String(connection.secure),
    ...(permission === 'ram:CreateServiceLinkedRole' && {
      'ram:ServiceName': parameters.ServiceName ?? '',
    }),
  }
  const request = { action: permission, resource, context }
  if (evaluatePolicies(caller.policies ?? [], request) === 'allow') return
  const code = /^(ecs|vpc):/.test(call.action.permission) ? 'Forbidden.RAM' : 'NoPermission'
  throw new ActionError(
    403,
    code,
    `You are not authorized to do this action. You should be authorized by RAM. AuthAction: ${permission}, AuthResource: ${resource}, AuthPrincipal: ${caller.arn}`,
  )
}
