import { type Call, headerOf, type Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { ObjectMeta } from '../store/object-meta.ts'
import { parseCallback, parseCallbackVariables } from './callback-parameter.ts'

/** The callback that an upload requests, checked before its bytes are read. */
export interface RequestedCallback {
  /** Base64. */
  parameter: string
  variables: Record<string, string>
}

/**
 * Returns the callback in the headers or the query of a call.
 *
 * @throws OssError when it is malformed, or in both places
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
  parseCallback(parameter, call.service.allowPrivateCallbacks)
  const variables = headerOf(call, 'x-oss-callback-var') ?? call.query.get('callback-var')
  return { parameter, variables: variables === undefined ? {} : parseCallbackVariables(variables) }
}

/** Makes the requested callback and returns the application's reply; `otherwise` without a callback. */
export async function callbackReply(
  call: Call,
  callback: RequestedCallback | undefined,
  meta: ObjectMeta,
  md5Hex: string,
  operation: string,
  otherwise: Reply,
): Promise<Reply> {
  if (!callback) return otherwise
  const { headers, ...reply } = await call.service.sendCallback({
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
  return { ...reply, headers: { ...otherwise.headers, ...headers } }
}
