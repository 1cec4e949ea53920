import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:https'
import { type SimulatedCloud, signRpc, stringToSign } from 'simulated-cloud'
import { type Credentials, presignUrl } from '../../../app/signing/index.ts'

/** Status code of a response, with the code of the error: `200`, `403 AccessDenied`. */
export type Outcome = string

/** Sends an HTTPS request to a host name of the simulated cloud. */
export async function requestCloud(
  cloud: SimulatedCloud,
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<{ status: number; text: string; bytes: Buffer }> {
  const agent = new Agent({
    ca: cloud.certificate,
    proxyEnv: { HTTPS_PROXY: `http://127.0.0.1:${cloud.proxyPort}` },
  })
  try {
    return await new Promise((resolve, reject) => {
      const { method = 'GET', headers = {}, body = '' } = options
      const call = request(url, { agent, method, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const bytes = Buffer.concat(chunks)
          resolve({ status: response.statusCode ?? 0, text: bytes.toString('utf8'), bytes })
        })
      })
      call.on('error', reject)
      call.end(body)
    })
  } finally {
    agent.destroy()
  }
}

/** Calls an RPC API with a key. @param host For example `ecs.ap-southeast-1.aliyuncs.com` */
export async function requestRpc(
  cloud: SimulatedCloud,
  key: Credentials,
  host: string,
  parameters: Record<string, string>,
): Promise<Outcome> {
  const { status, body } = await callRpc(cloud, key, host, parameters)
  return status === 200 ? '200' : `${status} ${body.Code}`
}

/** Does the same, and returns the whole answer. */
export async function callRpc(
  cloud: SimulatedCloud,
  key: Credentials,
  host: string,
  parameters: Record<string, string>,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const all: Record<string, string> = {
    ...parameters,
    AccessKeyId: key.accessKeyId,
    Format: 'JSON',
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: randomUUID(),
    SignatureVersion: '1.0',
    Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
  }
  const query = new URLSearchParams({
    ...all,
    Signature: signRpc(stringToSign('GET', all), key.accessKeySecret),
  })
  const { status, text } = await requestCloud(cloud, `https://${host}/?${query}`)
  return { status, body: JSON.parse(text) as Record<string, unknown> }
}

export interface OssRequest {
  bucket: string
  /** Absent for a request to the bucket. */
  key?: string
  method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD'
  query?: Record<string, string>
  body?: string | Buffer
  headers?: Record<string, string>
}

/** Sends a signed request to a bucket. */
export async function requestOss(
  cloud: SimulatedCloud,
  credentials: Credentials,
  region: string,
  { bucket, key, method, query = {}, body, headers = {} }: OssRequest,
): Promise<Outcome> {
  const url = presignUrl({
    credentials,
    region,
    bucket,
    ...(key === undefined ? {} : { key }),
    method,
    endpoint: `https://${bucket}.oss-${region}.aliyuncs.com`,
    now: new Date(),
    expiresInSeconds: 60,
    query,
    headers,
  })
  const sent = { method, headers, ...(body === undefined ? {} : { body }) }
  const { status, text } = await requestCloud(cloud, url, sent)
  if (status < 300) return String(status)
  return `${status} ${/<Code>(.*?)</.exec(text)?.[1] ?? ''}`.trimEnd()
}
