import { type Call, headerOf, type Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { ObjectMeta } from '../store/object-meta.ts'
import { parseCallback } from './callback-parameter.ts'

/** What an upload wants called, read before a byte of it is kept. */
export interface RequestedCallback {
  parameter: string
  variables: Record<string, string>
}

/**
 * The callback that a call's headers or query ask for.
 *
 * @throws OssError when it cannot be understood, or is in both places
 */
export function requestedCallback(call: Call): RequestedCallback | undefined {
  const inHeader = headerOf(call, 'x-oss-callback')
  const inQuery = call.query.get('callback')
  if (inHeader !== undefined && inQuery !== undefined) {
    throw new OssError('callbackInvalid', {
      message: 'The callback must be in the header or the query, not in both.',
    })
  }
  const parameter = inHeader ?? inQuery
  if (parameter === undefined) return undefined
  parseCallback(parameter)
  const variables = headerOf(call, 'x-oss-callback-var') ?? call.query.get('callback-var')
  return { parameter, variables: variables === undefined ? {} : parseVariables(variables) }
}

/** The reply to an upload: the application's own where a callback was asked for. */
export async function callbackReply(
  call: Call,
  callback: RequestedCallback | undefined,
  meta: ObjectMeta,
  md5Hex: string,
  operation: string,
  otherwise: Reply,
): Promise<Reply> {
  if (!callback) return otherwise
  const reply = await call.service.sendCallback({
    ...callback,
    bucket: call.bucketName,
    key: meta.key,
    etag: meta.etag,
    size: meta.size,
    mimeType: meta.headers['content-type'] ?? '',
    crc64: meta.crc64,
    contentMd5: Buffer.from(md5Hex, 'hex').toString('base64'),
    operation,
    requestId: call.requestId,
    clientIp: call.connection.clientAddress,
    requester: call.caller?.accessKeyId ?? '',
  })
  if (!reply) return otherwise
  return { ...reply, headers: { ...otherwise.headers, ...reply.headers } }
}

function parseVariables(base64: string): Record<string, string> {
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'))
  } catch {
    parsed = undefined
  }
  if (
    typeof parsed !== 'object' ||
    parsed === null ||
    !Object.entries(parsed).every(([k, v]) => k.startsWith('x:') && typeof v === 'string')
  ) {
    throw new OssError('callbackInvalid', {
      message: 'The callback var configuration is not json format.',
    })
  }
  return parsed as Record<string, string>
}
