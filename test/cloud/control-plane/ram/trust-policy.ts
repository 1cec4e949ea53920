import { type ConditionBlock, conditionsHold } from '@oss-direct-upload/embedded-oss'

/** The trust policy of a role. */
export interface TrustPolicy {
  Version: '1'
  Statement: {
    Effect: 'Allow' | 'Deny'
    Action: string | string[]
    Principal: { Service?: string[]; RAM?: string[]; Federated?: string[] }
    Condition?: ConditionBlock
  }[]
}

const PRINCIPALS = ['Service', 'RAM', 'Federated']

/**
 * Reads the policy of a role.
 * Source: "Trust policy elements", Alibaba Cloud RAM documentation.
 *
 * @throws Error with what is wrong
 */
export function parseTrustPolicy(json: string): TrustPolicy {
  const policy = JSON.parse(json) as Partial<TrustPolicy> | null
  if (policy?.Version !== '1') throw new Error('The Version of a policy must be "1"')
  if (!Array.isArray(policy.Statement) || policy.Statement.length === 0) {
    throw new Error('A policy needs a list of statements')
  }
  for (const { Effect, Action, Principal, Condition, ...rest } of policy.Statement) {
    const surplus = Object.keys(rest)[0]
    if (surplus !== undefined) throw new Error(`A trust policy has no ${surplus}`)
    if (Effect !== 'Allow' && Effect !== 'Deny') throw new Error('Effect must be Allow or Deny')
    if (![Action].flat().every((action) => action === 'sts:AssumeRole')) {
      throw new Error('The Action of a trust policy must be sts:AssumeRole')
    }
    const entries = Object.entries(Principal ?? {})
    const valid = entries.every(
      ([kind, names]) =>
        PRINCIPALS.includes(kind) &&
        Array.isArray(names) &&
        names.length > 0 &&
        names.every((name) => typeof name === 'string'),
    )
    if (entries.length === 0 || !valid) {
      throw new Error('Principal must have Service, RAM or Federated, each a list of texts')
    }
    conditionsHold(Condition ?? {}, {})
  }
  return policy as TrustPolicy
}

/** Returns whether a service, e.g. `ecs.aliyuncs.com`, may assume the role. */
export function trustsService(policy: TrustPolicy, service: string): boolean {
  return decides(policy, ({ Service = [] }) => Service.includes(service))
}

/** Returns whether a RAM identity may; the account includes all its users and roles. */
export function trustsIdentity(policy: TrustPolicy, arn: string, accountId: string): boolean {
  const root = `acs:ram::${accountId}:root`
  return decides(policy, ({ RAM = [] }) => RAM.includes(arn) || RAM.includes(root))
}

/** Returns whether holders of a provider's token with these claims, e.g. `oidc:sub`, may assume the role. */
export function trustsFederated(
  policy: TrustPolicy,
  providerArn: string,
  claims: Readonly<Record<string, string>>,
): boolean {
  return decides(policy, ({ Federated = [] }) => Federated.includes(providerArn), claims)
}

function decides(
  policy: TrustPolicy,
  names: (principal: TrustPolicy['Statement'][number]['Principal']) => boolean,
  context: Readonly<Record<string, string>> = {},
): boolean {
  const naming = policy.Statement.filter(({ Principal, Condition }) => {
    return names(Principal) && conditionsHold(Condition ?? {}, context)
  })
  return naming.length > 0 && naming.every(({ Effect }) => Effect === 'Allow')
}
