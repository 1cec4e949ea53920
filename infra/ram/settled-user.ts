import { sleep } from '@oss-direct-upload/retry'
import type * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import { z } from 'zod'
import { callAsDeployer } from '../identity/stack-credentials.ts'

/**
 * Age at which AttachPolicyToUser and CreateAccessKey find a user. They read what CreateUser has written
 * with a delay, and the provider does not repeat their `EntityNotExist.User`.
 */
const SETTLED_AFTER_MS = 3_000

/** Returns the name of a user that is old enough for other calls to find it; at once in a preview. */
export function settledUserName(user: alicloud.ram.User): pulumi.Output<string> {
  return pulumi.all([user.name, user.id]).apply(async ([name]) => {
    if (!pulumi.runtime.isDryRun()) await sleep(remainingMs(await creationTime(name), Date.now()))
    return name
  })
}

/**
 * Returns how long to wait for a user to settle.
 *
 * @param createdMs Second of the creation by the cloud's clock; undefined when it is unknown
 * @param nowMs Time by the clock of this machine, which may be wrong
 */
export function remainingMs(createdMs: number | undefined, nowMs: number): number {
  if (createdMs === undefined) return SETTLED_AFTER_MS
  // RAM truncates the time to a second.
  const settledMs = createdMs + 1_000 + SETTLED_AFTER_MS
  return Math.min(SETTLED_AFTER_MS, Math.max(0, settledMs - nowMs))
}

const answer = z.object({ User: z.object({ CreateDate: z.iso.datetime() }) })

/** Source: "GetUser", RAM API 2015-05-01. */
async function creationTime(userName: string): Promise<number | undefined> {
  try {
    const response = await callAsDeployer({
      host: 'ram.aliyuncs.com',
      version: '2015-05-01',
      action: 'GetUser',
      parameters: { UserName: userName },
    })
    return Date.parse(answer.parse(response).User.CreateDate)
  } catch {
    return undefined
  }
}
