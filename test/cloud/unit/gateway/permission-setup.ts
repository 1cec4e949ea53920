import type { RamPolicy } from '../../../../app/oss/index.ts'
import type { SimulatedCloudOptions } from '../../control-plane/simulated-cloud.ts'
import {
  type ApiCall,
  callApi,
  clock,
  cloud,
  outcomeOf,
  type Signer,
  startCloud,
} from './api-client.ts'
import { createUserKey } from './ram-calls.ts'

/** Where the calls of permission tests go besides RAM. */
export const STS = { host: 'sts.ap-southeast-1.aliyuncs.com', version: '2015-04-01' }

/** The id of the simulated account. */
export const ACCOUNT_ID = '1234567890123456'

/** Starts a cloud in which other services know additions to RAM after five seconds. */
export function startSlowCloud(options: SimulatedCloudOptions = {}): Promise<void> {
  return startCloud({ propagationMs: 5000, ...options })
}

/** Creates a user with one policy and a key, and waits until other services know it. */
export async function makeUser(policy: RamPolicy): Promise<Signer> {
  const key = await createUserKey(policy)
  clock.ms += 5000
  return key
}

/** Calls RAM or, with a host, another product, as the account or as `as`. */
export function call(action: string, parameters: Record<string, string> = {}, ask: ApiCall = {}) {
  return callApi(cloud, clock, action, { parameters, ...ask })
}

/** Returns `200`, or status and code of the refusal. */
export async function outcome(
  action: string,
  parameters: Record<string, string> = {},
  ask: ApiCall = {},
): Promise<string> {
  return outcomeOf(await call(action, parameters, ask))
}
