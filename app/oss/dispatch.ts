import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { AccessKeys } from './access/access-key.ts'
import { authorise } from './access/authorise.ts'
import { authenticate } from './access/request-signature.ts'
import { type Call, type Connection, type Reply, reportCall, type Service } from './call.ts'
import { checkObjectName } from './calls/object-name.ts'
import { findOperation, hasSubresource, LIST_BUCKETS, PUT_BUCKET } from './calls/operations.ts'
import { OssError } from './errors/oss-error.ts'
import { type Address, readAddress, type ServiceNames } from './http/address.ts'
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
  /** Called for each refused call with the code of its error. */
  onRefusal: (request: IncomingMessage, code: string) => void
  /** Called for failures of the server itself. */
  onFailure: (error: unknown) => void
}

/** Answers one request. Never throws. */
export async function dispatch(
  request: IncomingMessage,
  response: ServerResponse,
  connection: Connection,
  options: DispatchOptions,
): Promise<void> {
  const requestId = newRequestId()
  const now = options.service.now()
  const common: Record<string, string> = { Server: 'AliyunOSS', 'x-oss-request-id': requestId }
  const startMs = performance.now()
  const setTime = (): void => {
    common['x-oss-server-time'] = String(Math.round(performance.now() - startMs))
  }
  try {
    const address = readAddress(request.headers.host ?? '', request.url ?? '/', options.names)
    const bucket = options.service.store.find(address.bucket)
    addCorsHeaders(request, common, bucket)
    const reply =
      request.method === 'OPTIONS'
        ? preflight(request, address, bucket, options.service)
        : await answer({ request, connection, requestId, now }, address, bucket, options)
    setTime()
    await send(request, response, reply, common)
  } catch (error) {
    setTime()
    refuse(request, response, error, common, options)
  }
}

async function answer(
  received: Pick<Call, 'request' | 'connection' | 'requestId' | 'now'>,
  address: Address,
  bucket: Bucket | undefined,
  { service, keys }: DispatchOptions,
): Promise<Reply> {
  const { request, now } = received
  const { bucket: bucketName, key } = address
  const query = new Map(address.query.toReversed())
  const call: Call = { ...received, service, query, bucketName, key }
  const isForm =
    request.method === 'POST' && key === '' && bucketName !== '' && !hasSubresource(query)
  // The signature of a form is in its fields. One in the header or the URL is ignored.
  if (isForm) {
    if (address.pathStyle) throw new OssError('secondLevelDomainForbidden')
    return postObject(call, requireBucket(bucket, bucketName, service), keys)
  }
  const caller = authenticate(
    {
      method: request.method ?? '',
      headers: headerPairs(request.rawHeaders),
      query: address.query,
      ...(bucketName === '' ? {} : { bucket: bucketName, key }),
    },
    keys,
    service.region,
    now,
  )
  const signed: Call = caller ? { ...call, caller } : call
  checkObjectName(key)
  if (bucketName === '') {
    if (request.method !== 'GET') throw new OssError('methodNotAllowed')
    await reportCall(signed, LIST_BUCKETS.action)
    await authorise(signed, LIST_BUCKETS.action, undefined, '')
    return LIST_BUCKETS.handle(signed, undefined as never)
  }
  const operation = findOperation(signed)
  await reportCall(signed, operation.action)
  if (operation === PUT_BUCKET) {
    await authorise(signed, operation.action, bucket, '')
    return operation.handle(signed, undefined as never)
  }
  const existing = requireBucket(bucket, bucketName, service)
  if (!operation.ofManyObjects) await authorise(signed, operation.action, existing, key)
  return operation.handle(signed, existing)
}

function requireBucket(bucket: Bucket | undefined, name: string, { account }: Service): Bucket {
  if (bucket) return bucket
  const elsewhere = account.bucketsElsewhere().find((settings) => settings.name === name)
  if (elsewhere) {
    const Endpoint = `oss-${elsewhere.region}.aliyuncs.com`
    throw new OssError('wrongEndpoint', { details: { Bucket: name, Endpoint } })
  }
  if (account.isTaken(name)) throw new OssError('accessDeniedByAcl')
  throw new OssError('noSuchBucket', { details: { BucketName: name } })
}

function preflight(
  request: IncomingMessage,
  address: Address,
  bucket: Bucket | undefined,
  service: Service,
): Reply {
  const { settings } = requireBucket(bucket, address.bucket, service)
  const headers = preflightHeaders(request, settings.cors?.rules ?? [])
  return { status: 200, headers }
}

function addCorsHeaders(
  request: IncomingMessage,
  headers: Record<string, string>,
  bucket: Bucket | undefined,
): void {
  const cors = bucket?.settings.cors
  if (cors?.responseVary) headers.Vary = 'Origin'
  if (request.method !== 'OPTIONS') Object.assign(headers, corsHeaders(request, cors?.rules ?? []))
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
  error: unknown,
  common: Record<string, string>,
  { onRefusal, onFailure }: DispatchOptions,
): void {
  if (!(error instanceof OssError)) onFailure(error)
  const refusal = error instanceof OssError ? error : new OssError('internalError')
  onRefusal(request, refusal.code)
  if (response.headersSent) {
    response.destroy()
    return
  }
  const requestId = common['x-oss-request-id'] ?? ''
  const document = errorDocument(refusal, requestId, request.headers.host ?? '')
  const headers: Record<string, string> = { ...common, 'Content-Type': 'application/xml' }
  if (refusal.ec !== '') headers['x-oss-ec'] = refusal.ec
  if (!request.complete) headers.Connection = 'close'
  if (request.method === 'HEAD') {
    headers['x-oss-err'] = Buffer.from(document).toString('base64')
    response.writeHead(refusal.status, headers).end()
  } else {
    headers['Content-Length'] = String(Buffer.byteLength(document))
    response.writeHead(refusal.status, headers).end(document)
  }
  drain(request)
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
