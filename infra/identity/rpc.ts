import { createHmac, randomUUID } from 'node:crypto'
import { exponentialBackoffMs, retry } from '@oss-direct-upload/retry'
import { type Credentials, encodeUri } from '@oss-direct-upload/signing'

export interface RpcRequest {
  /** E.g. `sts.aliyuncs.com`. */
  host: string
  /** Of the API, e.g. `2015-04-01`. */
  version: string
  action: string
  parameters: Readonly<Record<string, string | undefined>>
  /** @default none, the request is not signed */
  credentials?: Credentials
}

/** The API refused a request; the message contains its code and its own message. */
export class RpcError extends Error {
  /** HTTP status. */
  readonly status: number
  /** Of the error, e.g. `NoPermission`; empty when the response has none. */
  readonly code: string

  constructor(message: string, status: number, code = '') {
    super(message)
    this.name = 'RpcError'
    this.status = status
    this.code = code
  }
}

const ATTEMPTS = 4
const TIMEOUT_MS = 10_000

/**
 * Calls an RPC API of Alibaba Cloud, signed with HMAC-SHA1, and repeats the call when no answer comes.
 * Source: "Request syntax and signature method V2 for RPC APIs", Alibaba Cloud SDK documentation.
 *
 * @returns The decoded JSON
 * @throws RpcError
 */
export async function callRpc(request: RpcRequest): Promise<unknown> {
  return retry(() => callOnce(request), {
    delayMs: (error, attempt) =>
      attempt === ATTEMPTS || (error instanceof RpcError && error.status < 500)
        ? undefined
        : exponentialBackoffMs(attempt, { firstMs: 500 }),
  })
}

async function callOnce({ host, version, action, parameters, credentials }: RpcRequest) {
  const body = new URLSearchParams(
    signed({ ...parameters, Action: action, Version: version, Format: 'JSON' }, credentials),
  )
  const response = await fetch(`https://${host}/`, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const text = await response.text()
  if (response.ok) return JSON.parse(text)
  const { code, message } = refusal(text)
  throw new RpcError(`${host} refused ${action}: ${message}`, response.status, code)
}

function signed(
  parameters: Readonly<Record<string, string | undefined>>,
  credentials: Credentials | undefined,
): Record<string, string> {
  const all: Record<string, string | undefined> = {
    ...parameters,
    Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
    SignatureNonce: randomUUID(),
    ...(credentials && {
      AccessKeyId: credentials.accessKeyId,
      SecurityToken: credentials.securityToken,
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
    }),
  }
  const entries = Object.entries(all).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  if (!credentials) return Object.fromEntries(entries)
  const canonical = entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encodeUri(name)}=${encodeUri(value)}`)
    .join('&')
  const signature = createHmac('sha1', `${credentials.accessKeySecret}&`)
    .update(`POST&%2F&${encodeUri(canonical)}`)
    .digest('base64')
  return { ...Object.fromEntries(entries), Signature: signature }
}

function refusal(text: string): { code?: string; message: string } {
  try {
    const { Code: code, Message } = JSON.parse(text) as { Code: string; Message?: string }
    return { code, message: `${code}: ${Message}` }
  } catch {
    return { message: text.slice(0, 200) }
  }
}
