import { type ConditionBlock, conditionsHold } from './policy-condition.ts'
import { matchesWildcard } from './wildcard.ts'

/** One statement of a RAM policy or of a bucket policy. Only bucket policies have a Principal. */
export interface PolicyStatement {
  Effect: 'Allow' | 'Deny'
  Action?: string | string[]
  NotAction?: string | string[]
  Resource?: string | string[]
  NotResource?: string | string[]
  Principal?: string | string[]
  Condition?: ConditionBlock
}

/** A RAM policy. Source: "RAM policy overview", Alibaba Cloud OSS documentation. */
export interface RamPolicy {
  Version: '1'
  Statement: readonly PolicyStatement[]
}

/** An action on a resource, to be authorised. */
export interface AccessRequest {
  /** E.g. `oss:PutObject`. */
  action: string
  /** `acs:oss:REGION:ACCOUNT:BUCKET[/KEY]`. */
  resource: string
  /** Values of condition keys, e.g. `acs:SourceIp`. */
  context: Readonly<Record<string, string>>
}

/**
 * Evaluates a set of policies. A deny in one of them overrides an allow in another.
 *
 * @param principal Id that a statement's Principal must name; `*` stands for everyone
 */
export function evaluatePolicies(
  policies: readonly RamPolicy[],
  request: AccessRequest,
  principal = '*',
): 'allow' | 'deny' | 'none' {
  const applying = policies
    .flatMap(({ Statement }) => Statement)
    .filter((statement) => applies(statement, request, principal))
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'deny'
  return applying.length > 0 ? 'allow' : 'none'
}

/**
 * Parses a policy.
 *
 * @throws Error that names the mistake
 */
export function parseRamPolicy(json: string): RamPolicy {
  const policy = JSON.parse(json) as Partial<RamPolicy> | null
  if (policy?.Version !== '1') throw new Error('The Version of a policy must be "1"')
  const { Statement: statements } = policy
  if (!Array.isArray(statements) || statements.length === 0) {
    throw new Error('A policy needs a list of statements')
  }
  for (const statement of statements as Partial<PolicyStatement>[]) {
    const { Effect, Action, NotAction, Resource, NotResource } = statement
    if (Effect !== 'Allow' && Effect !== 'Deny') throw new Error('Effect must be Allow or Deny')
    const texts = [Action ?? NotAction, Resource ?? NotResource, statement.Principal ?? '*']
    if (!texts.every((value) => [value].flat().every((text) => typeof text === 'string'))) {
      throw new Error(
        'A statement needs an Action and a Resource, each a string or a list of strings',
      )
    }
    // Finds an unknown operator now instead of at the first request.
    conditionsHold(statement.Condition ?? {}, {})
  }
  return policy as RamPolicy
}

function applies(statement: PolicyStatement, request: AccessRequest, principal: string): boolean {
  const { Action, NotAction, Resource, NotResource, Principal, Condition } = statement
  const action = request.action.toLowerCase()
  const isAction = (pattern: string): boolean => matchesWildcard(pattern.toLowerCase(), action)
  const isResource = (pattern: string): boolean => matchesWildcard(pattern, request.resource)
  return (
    fits(Action, NotAction, isAction) &&
    fits(Resource, NotResource, isResource) &&
    (Principal === undefined || [Principal].flat().some((p) => p === '*' || p === principal)) &&
    conditionsHold(Condition ?? {}, request.context)
  )
}

function fits(
  listed: string | string[] | undefined,
  excluded: string | string[] | undefined,
  matches: (pattern: string) => boolean,
): boolean {
  if (listed !== undefined) return [listed].flat().some(matches)
  return excluded !== undefined && ![excluded].flat().some(matches)
}
