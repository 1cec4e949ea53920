import type { IncomingMessage } from 'node:http'
import { ActionError } from '../action.ts'

const BODY_BYTES = 1024 * 1024

/** Parameters that belong to the signature and not to the action. */
const OF_THE_SIGNATURE = new Set([
  'AccessKeyId',
  'Action',
  'Format',
  'SecurityToken',
  'Signature',
  'SignatureMethod',
  'SignatureNonce',
  'SignatureType',
  'SignatureVersion',
  'Timestamp',
  'Version',
])

/** A call as it was sent: URL and form body are one list of parameters. */
export interface RpcRequest {
  method: string
  /** Everything, decoded. */
  all: Readonly<Record<string, string>>
  /** Without those of the signature. */
  parameters: Readonly<Record<string, string>>
}

/**
 * Reads a call.
 * Source: "RPC-style requests", Alibaba Cloud SDK documentation.
 *
 * @param query Of the URL, without the question mark
 * @throws ActionError for a parameter that is sent twice, and for a body that is not a form
 */
export async function readRpcRequest(request: IncomingMessage, query: string): Promise<RpcRequest> {
  const method = request.method ?? ''
  if (method !== 'GET' && method !== 'POST') {
    throw new ActionError(405, 'UnsupportedHTTPMethod', `The method ${method} is not supported.`)
  }
  const body = await readBody(request)
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (body !== '' && type !== 'application/x-www-form-urlencoded') {
    throw new ActionError(
      415,
      'UnsupportedContentType',
      'The body of a call must be application/x-www-form-urlencoded.',
    )
  }
  const all: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [name, value] of [...new URLSearchParams(query), ...new URLSearchParams(body)]) {
    if (name in all) {
      throw new ActionError(400, 'DuplicatedParameter', `The parameter ${name} was sent twice.`)
    }
    all[name] = value
  }
  // Signature version 3 sends these as headers; only calls without a signature are accepted so.
  for (const [name, header] of [
    ['Action', 'x-acs-action'],
    ['Version', 'x-acs-version'],
  ] as const) {
    const value = request.headers[header]
    if (!('Signature' in all) && typeof value === 'string') all[name] = value
  }
  const own = Object.entries(all).filter(([name]) => !OF_THE_SIGNATURE.has(name))
  return { method, all, parameters: Object.fromEntries(own) }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_BYTES) {
      throw new ActionError(413, 'RequestEntityTooLarge', 'The body of a call is at most 1 MB.')
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
