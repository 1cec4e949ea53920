import { type ApiAnswer, callApi, clock, cloud, outcomeOf } from './api-client.ts'

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

/** The trust policy of a role for a service or, with `RAM`, for identities. */
export function trustDocument(principal: { Service: string[] } | { RAM: string[] }): string {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal }
  return JSON.stringify({ Version: '1', Statement: [statement] })
}

/** The trust policy of a role for ECS. */
export const TRUSTS_ECS = trustDocument({ Service: ['ecs.aliyuncs.com'] })
