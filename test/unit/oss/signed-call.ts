import { createHash } from 'node:crypto'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { canonicalRequestV4, signV4, stringToSignV4 } from '../../../app/signing/index.ts'

/** A call to an embedded OSS. */
export interface SignedCall {
  port: number
  region: string
  /** `YYYYMMDDTHHMMSSZ` */
  date: string
  method: string
  /** Empty for the service. */
  bucket: string
  key?: string
  query?: [name: string, value: string][]
  body?: string
  headers?: Record<string, string>
  /** The signer; undefined for an anonymous call. */
  as: { accessKeyId: string; accessKeySecret: string; securityToken?: string } | undefined
  /** Host header. @default the virtual host of the bucket */
  host?: string
  /** Date header to sign instead of x-oss-date, as the Go SDK does. */
  byDateHeader?: string
}

/** Sends a call with a V4 signature. Returns status and error code as `outcome`. */
export async function signedCall(call: SignedCall) {
  const { method, bucket, key = '', query = [], body = '', region, as } = call
  const day = call.date.slice(0, 8)
  const date = call.byDateHeader ?? call.date
  const headers: Record<string, string> = {
    ...(call.byDateHeader ? { date } : { 'x-oss-date': date }),
    'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
    'content-md5': createHash('md5').update(body).digest('base64'),
    ...(as?.securityToken ? { 'x-oss-security-token': as.securityToken } : {}),
    ...call.headers,
  }
  if (as) {
    const canonical = canonicalRequestV4({
      method,
      ...(bucket === '' ? {} : { bucket, key }),
      query,
      headers: Object.entries(headers),
    })
    const toSign = stringToSignV4(canonical, date, region, day)
    const signature = signV4(toSign, as.accessKeySecret, day, region)
    const scope = `${as.accessKeyId}/${day}/${region}/oss/aliyun_v4_request`
    headers.authorization = `OSS4-HMAC-SHA256 Credential=${scope},Signature=${signature}`
  }
  headers.host = call.host ?? `${bucket === '' ? '' : `${bucket}.`}oss-${region}.aliyuncs.com`
  const search = query.map(([n, v]) => (v === '' ? n : `${n}=${encodeURIComponent(v)}`)).join('&')
  const path = `/${encodeURIComponent(key).replaceAll('%2F', '/')}?${search}`
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ port: call.port, method, path, headers }, resolve).on('error', reject).end(body)
  })
  const answer = await text(response)
  const code = /<Code>(\w+)</.exec(answer)?.[1]
  const outcome = [response.statusCode, code].filter((part) => part !== undefined).join(' ')
  return { outcome, answer, headers: response.headers }
}
