import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Agent, request } from 'node:https'
import { afterEach, beforeEach, expect } from 'vitest'
import { signRpc, stringToSign } from '../../control-plane/gateway/rpc-signature.ts'
import {
  type SimulatedCloud,
  type SimulatedCloudOptions,
  startSimulatedCloud,
} from '../../control-plane/simulated-cloud.ts'

/** Who signs. */
export interface Signer {
  accessKeyId: string
  accessKeySecret: string
  securityToken?: string
}

/** One call of an RPC API. */
export interface ApiCall {
  /** @default the account's deployer */
  as?: Signer
  /** @default 'ram.aliyuncs.com' */
  host?: string
  /** @default of RAM */
  version?: string
  parameters?: Record<string, string>
  /** Replaces or removes what is signed. */
  signed?: Record<string, string | undefined>
  /** @default 'POST' */
  method?: string
  /** Where the action's parameters go. @default 'form' */
  put?: 'form' | 'query'
  /** Changes the signature. */
  spoil?: boolean
}

export interface ApiAnswer {
  status: number
  body: Record<string, unknown>
}

/** Milliseconds since 1970 that `cloud` and the clients of these tests agree on. */
export class TestClock {
  ms = Date.parse('2026-11-24T12:00:00Z')

  now = (): number => this.ms
}

/** The cloud of the current test, where `useCloud` or `startCloud` has started it. */
export let cloud: SimulatedCloud

/** Its clock. */
export let clock: TestClock

/** Starts a cloud before each test and closes it after; a test fails with what failed inside it. */
export function useCloud(options: SimulatedCloudOptions = {}): void {
  beforeEach(() => startCloud(options))
  closeCloudAfterEach()
}

/** Closes after each test the cloud that it has started. */
export function closeCloudAfterEach(): void {
  afterEach(async () => {
    expect(cloud.failures).toEqual([])
    await cloud.close()
  })
}

/** Starts a cloud on a clock that stands still, and makes it `cloud`. */
export async function startCloud(options: SimulatedCloudOptions = {}): Promise<void> {
  clock = new TestClock()
  cloud = await startSimulatedCloud({
    userLagMs: 0,
    now: clock.now,
    ...options,
  })
}

/** Sends a request through the cloud's proxy. */
export async function sendThroughProxy(
  cloud: SimulatedCloud,
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; text: string; headers: IncomingHttpHeaders }> {
  const proxy = `http://127.0.0.1:${cloud.proxyPort}`
  const agent = new Agent({ ca: cloud.certificate, proxyEnv: { HTTPS_PROXY: proxy } })
  const { method = 'GET', headers = {}, body = '' } = options
  try {
    return await new Promise((resolve, reject) => {
      const sent = request(url, { agent, method, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          text += part
        })
        response.on('error', reject)
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers })
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  } finally {
    agent.destroy()
  }
}

/** Signs and sends a call. */
export async function callApi(
  cloud: SimulatedCloud,
  clock: TestClock,
  action: string,
  call: ApiCall = {},
): Promise<ApiAnswer> {
  const as: Signer = call.as ?? cloud.deployer
  const { host = 'ram.aliyuncs.com', version = '2015-05-01' } = call
  const { parameters = {}, method = 'POST', put = method === 'GET' ? 'query' : 'form' } = call
  const common: Record<string, string | undefined> = {
    AccessKeyId: as.accessKeyId,
    Action: action,
    Format: 'JSON',
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: randomUUID(),
    SignatureVersion: '1.0',
    Timestamp: `${new Date(clock.ms).toISOString().slice(0, 19)}Z`,
    Version: version,
    SecurityToken: as.securityToken,
    ...call.signed,
  }
  const present = Object.entries(common).filter((e): e is [string, string] => e[1] !== undefined)
  const all = { ...Object.fromEntries(present), ...parameters }
  const signature = signRpc(stringToSign(method, all), as.accessKeySecret)
  const query = new URLSearchParams(Object.fromEntries(present))
  query.set(
    'Signature',
    call.spoil ? signature.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) : signature,
  )
  const rest = new URLSearchParams(parameters)
  if (put === 'query') for (const [name, value] of rest) query.append(name, value)
  const { status, text } = await sendThroughProxy(cloud, `https://${host}/?${query}`, {
    method,
    ...(put === 'form'
      ? {
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: rest.toString(),
        }
      : {}),
  })
  return { status, body: JSON.parse(text) as Record<string, unknown> }
}

/** `200`, or status and code of the refusal. */
export function outcomeOf({ status, body }: ApiAnswer): string {
  return status === 200 ? '200' : `${status} ${String(body.Code)}`
}
