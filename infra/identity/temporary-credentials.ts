import type { Credentials } from '@oss-direct-upload/signing'
import { z } from 'zod'

const answer = z.object({
  Code: z.literal('Success'),
  AccessKeyId: z.string().min(1),
  AccessKeySecret: z.string().min(1),
  SecurityToken: z.string().min(1),
  Expiration: z.iso.datetime().optional(),
})

const TIMEOUT_MS = 10_000
const METADATA = 'http://100.100.100.200/latest'
const TOKEN_SECONDS = '60'

/**
 * Returns the credentials that a URL serves (`credentialsUri` of the provider).
 *
 * @throws Error when it serves none
 */
export async function credentialsFromUri(uri: string): Promise<Credentials> {
  return read(uri, {})
}

/**
 * Returns the credentials of the RAM role of the ECS instance that this program runs on.
 * Source: "Instance RAM roles", ECS documentation.
 *
 * @throws Error when this is no instance, or the role is not attached to it
 */
export async function credentialsOfInstanceRole(roleName: string): Promise<Credentials> {
  const token = await fetch(`${METADATA}/api/token`, {
    method: 'PUT',
    headers: { 'X-aliyun-ecs-metadata-token-ttl-seconds': TOKEN_SECONDS },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const path = `/meta-data/ram/security-credentials/${encodeURIComponent(roleName)}`
  return read(METADATA + path, { 'X-aliyun-ecs-metadata-token': await token.text() })
}

async function read(url: string, headers: Record<string, string>): Promise<Credentials> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (!response.ok) throw new Error(`${url} answered ${response.status} instead of credentials`)
  const found = answer.parse(await response.json())
  return {
    accessKeyId: found.AccessKeyId,
    accessKeySecret: found.AccessKeySecret,
    securityToken: found.SecurityToken,
    ...(found.Expiration === undefined ? {} : { expiration: new Date(found.Expiration) }),
  }
}
