import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { AccessKeys } from './access/access-key.ts'
import { authorise } from './access/authorise.ts'
import { firstExisting, identify, withReadings } from './access/identify.ts'
import { subresourcesOf } from './access/subresources.ts'
import { type Call, type Connection, type Reply, reportCall, type Service } from './call.ts'
import { checkObjectName } from './calls/object-name.ts'
import { findOperation } from './calls/operations.ts'
import { OssError } from './errors/oss-error.ts'
import { type Address, readAddress, type ServiceNames, type Target } from './http/address.ts'
import { isAllowedHost } from './http/allowed-hosts.ts'
import { corsHeaders, preflightHeaders } from './http/cors.ts'
import { postObject } from './post-object/post-object.ts'
import type { Bucket } from './store/object-store.ts'
import { errorDocument } from './xml/error-document.ts'

/** Bytes of a refused body that are still read, so that the client sees the response. */
const MAX_DRAINED_BYTES = 1024 * 1024

/** What requests are answered with. */
export interface DispatchOptions {
  service: Service
  names: ServiceNames
  keys: AccessKeys
  /** Hosts that requests may name. @default all */
  allowedHosts?: readonly string[]
  /** Called for each refused call with the code of its error. */
  onRefusal: (request: IncomingMessage, code: string) => void
  /** Called for failures of the server itself. */
  onFailure: (error: unknown) => void
}

type Received = Pick<Call, 'request' | 'connection' | 'requestId' | 'now'>

/** Answers one request. Never throws. */
export async function dispatch(
  request: IncomingMessage,
  response: ServerResponse,
  connection: Connection,
  options: DispatchOptions,
): Promise<void> {
  const { service } = options
  const startMs = performance.now()
  const received = { request, connection, requestId: newRequestId(), now: service.now() }
  let cors: Record<string, string> = {}
  const commonHeaders = (): Record<string, string> => ({
    Server: 'AliyunOSS',
    Date: received.now.toUTCString(),
    'x-oss-request-id': received.requestId,
    'x-oss-server-time': String(Math.round(performance.now() - startMs)),
    ...cors,
  })
  try {
    const host = request.headers.host ?? ''
    if (options.allowedHosts && !isAllowedHost(host, options.allowedHosts)) {
      throw new OssError('hostNotAllowed')
    }
    const address = readAddress(host, request.url ?? '/', options.names)
    const exists = (bucket: string): boolean => service.store.find(bucket) !== undefined
    const likely = firstExisting(address.targets, exists)
    cors = responseCors(request, service.store.find(likely.bucket))
    const reply =
      request.method === 'OPTIONS'
        ? preflight(request, likely, service)
        : await answer(received, address, options, (bucket) => {
            cors = responseCors(request, bucket)
          })
    await send(request, response, reply, commonHeaders())
  } catch (error) {
    refuse(request, response, error, commonHeaders(), options)
  }
}

async function answer(
  received: Received,
  address: Address,
  { service, keys }: DispatchOptions,
  onBucket: (bucket: Bucket | undefined) => void,
): Promise<Reply> {
  const { request, now } = received
  const query = new Map(address.query.toReversed())
  const callOn = ({ bucket, key }: Target): Call => {
    onBucket(service.store.find(bucket))
    return { ...received, service, query, bucketName: bucket, key }
  }
  const exists = (bucket: string): boolean => service.store.find(bucket) !== undefined
  // The signature of a form is in its fields. One in the header or the URL is ignored.
  const [form, ...others] = address.targets.filter(({ bucket, key }) => bucket !== '' && key === '')
  if (request.method === 'POST' && form && subresourcesOf(query).length === 0) {
    const call = callOn(firstExisting([form, ...others], exists))
    return postObject(call, requireBucket(call, address), keys)
  }
  const signed = { method: request.method ?? '', headers: headerPairs(request.rawHeaders) }
  const { target, caller } = identify(signed, address, keys, service.region, now, exists)
  const call: Call = { ...callOn(target), ...(caller ? { caller } : {}) }
  checkObjectName(call.key)
  const { action, handle, level, authorises } = findOperation(call)
  await reportCall(call, action)
  if (level === 'service') {
    const bucket = service.store.find(call.bucketName)
    await authorise(call, action, bucket, '')
    return handle(call, bucket as Bucket)
  }
  const bucket = requireBucket(call, address)
  if (!authorises) await authorise(call, action, bucket, call.key)
  return handle(call, bucket)
}

function requireBucket({ service, bucketName: name }: Call, { targets }: Address): Bucket {
  const bucket = service.store.find(name)
  if (bucket) return bucket
  const { account } = service
  const elsewhere = account.bucketsElsewhere().find((settings) => settings.name === name)
  if (elsewhere) {
    const Endpoint = `oss-${elsewhere.region}.aliyuncs.com`
    throw new OssError('wrongEndpoint', { details: { Bucket: name, Endpoint } })
  }
  if (account.isTaken(name)) throw new OssError('accessDeniedByAcl')
  const error = new OssError('noSuchBucket', { details: { BucketName: name } })
  throw targets.length === 1 ? error : withReadings(error, targets)
}

function preflight(request: IncomingMessage, { bucket: name }: Target, service: Service): Reply {
  const bucket = service.store.find(name)
  if (!bucket) throw new OssError('noSuchBucket', { details: { BucketName: name } })
  const headers = preflightHeaders(request, bucket.settings.cors?.rules ?? [])
  return { status: 200, headers }
}

function responseCors(
  request: IncomingMessage,
  bucket: Bucket | undefined,
): Record<string, string> {
  const cors = bucket?.settings.cors
  return {
    ...(cors?.responseVary ? { Vary: 'Origin' } : {}),
    ...(request.method === 'OPTIONS' ? {} : corsHeaders(request, cors?.rules ?? [])),
  }
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers: own, body }: Reply,
  common: Record<string, string>,
): Promise<void> {
  if (!request.complete) drain(request)
  const headers: Record<string, string> = { ...common, ...own }
  if (typeof body === 'object') {
    response.writeHead(status, headers)
    // A client may end a download at any time.
    await pipeline(body, response).catch(() => response.destroy())
    return
  }
  if (body !== undefined) headers['Content-Length'] = String(Buffer.byteLength(body))
  response.writeHead(status, headers).end(body)
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  thrown: unknown,
  common: Record<string, string>,
  { onRefusal, onFailure }: DispatchOptions,
): void {
  const error = toOssError(thrown)
  if (error !== thrown) onFailure(thrown)
  onRefusal(request, error.code)
  if (response.headersSent) {
    response.destroy()
    return
  }
  const requestId = common['x-oss-request-id'] ?? ''
  const document = errorDocument(error, requestId, request.headers.host ?? '')
  const headers: Record<string, string> = {
    ...common,
    ...error.headers,
    'Content-Type': 'application/xml',
    'x-oss-ec': error.ec,
  }
  if (!request.complete) headers.Connection = 'close'
  if (request.method === 'HEAD') {
    headers['x-oss-err'] = Buffer.from(document).toString('base64')
    response.writeHead(error.status, headers).end()
  } else {
    headers['Content-Length'] = String(Buffer.byteLength(document))
    response.writeHead(error.status, headers).end(document)
  }
  drain(request)
}

// Clients retry a 500, and a disk that is full or read-only is a failure of the server.
function toOssError(thrown: unknown): OssError {
  if (thrown instanceof OssError) return thrown
  const { code } = thrown as NodeJS.ErrnoException
  const isDisk = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EROFS'
  return new OssError(
    isDisk ? 'diskUnusable' : 'internalError',
    isDisk ? { details: { ErrorDetail: code } } : {},
  )
}

function drain(request: IncomingMessage): void {
  let left = MAX_DRAINED_BYTES
  request.on('error', () => {})
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) request.destroy()
  })
  request.resume()
}

// Node buffers random UUIDs; random bytes from the system cost as much as a signature.
function newRequestId(): string {
  return randomUUID().replaceAll('-', '').slice(8).toUpperCase()
}

function headerPairs(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i] as string, raw[i + 1] as string])
  return pairs
}
