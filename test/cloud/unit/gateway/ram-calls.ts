import type { RamPolicy } from '../../../../app/oss/index.ts'
import { type ApiAnswer, callApi, clock, cloud, outcomeOf, type Signer } from './api-client.ts'

/** Calls RAM as the account. */
export function ram(action: string, parameters: Record<string, string> = {}): Promise<ApiAnswer> {
  return callApi(cloud, clock, action, { parameters })
}

/** Returns `200`, or status and code of the refusal. */
export async function outcome(action: string, parameters: Record<string, string> = {}) {
  return outcomeOf(await ram(action, parameters))
}

/** A policy that allows actions on everything. */
export function policyDocument(...actions: string[]): string {
  const statement = { Effect: 'Allow', Action: actions, Resource: '*' }
  return JSON.stringify({ Version: '1', Statement: [statement] })
}

/** The trust policy of a role for a service, for identities (`RAM`) or for OIDC tokens (`Federated`). */
export function trustDocument(
  Principal: { Service: string[] } | { RAM: string[] } | { Federated: string[] },
  Condition?: object,
): string {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal, Condition }
  return JSON.stringify({ Version: '1', Statement: [statement] })
}

/** The trust policy of a role for ECS. */
export const TRUSTS_ECS = trustDocument({ Service: ['ecs.aliyuncs.com'] })

/** A policy that allows actions on resources. */
export function allow(Action: string | string[], Resource: string | string[] = '*'): RamPolicy {
  return { Version: '1', Statement: [{ Effect: 'Allow', Action, Resource }] }
}

/** Creates the user `u` with one policy, and returns its key, which other services may not know yet. */
export async function createUserKey(policy: RamPolicy): Promise<Signer> {
  await ram('CreateUser', { UserName: 'u' })
  await ram('CreatePolicy', { PolicyName: 'p', PolicyDocument: JSON.stringify(policy) })
  await ram('AttachPolicyToUser', { UserName: 'u', PolicyName: 'p', PolicyType: 'Custom' })
  const { body } = await ram('CreateAccessKey', { UserName: 'u' })
  const key = body.AccessKey as { AccessKeyId: string; AccessKeySecret: string }
  return { accessKeyId: key.AccessKeyId, accessKeySecret: key.AccessKeySecret }
}
