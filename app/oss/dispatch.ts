import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { AccessKeys } from './access/access-key.ts'
import { authorise } from './access/authorise.ts'
import { authenticate } from './access/request-signature.ts'
import { announce, type Call, type Connection, type Reply, type Service } from './call.ts'
import { findOperation, hasSubresource, LIST_BUCKETS, PUT_BUCKET } from './calls/operations.ts'
import { OssError } from './errors/oss-error.ts'
import { type Address, readAddress, type ServiceNames } from './http/address.ts'
import { corsHeaders, preflightHeaders } from './http/cors.ts'
import { postObject } from './post-object/post-object.ts'
import type { Bucket } from './store/object-store.ts'
import { errorDocument } from './xml/error-document.ts'

/** Bytes of a refused body that are still read, so that the client gets to see the refusal. */
const DRAIN_BYTES = 1024 * 1024
const KEY_BYTES = 1023

export interface DispatchOptions {
  service: Service
  names: ServiceNames
  keys: AccessKeys
  /** Told of each call that is refused, with the code that it is told. */
  onRefusal: (request: IncomingMessage, code: string) => void
  /** Told of failures that are not the client's. */
  onFailure: (error: unknown) => void
}

/** Answers one request. */
export async function dispatch(
  request: IncomingMessage,
  response: ServerResponse,
  connection: Connection,
  options: DispatchOptions,
): Promise<void> {
  const requestId = newRequestId()
  const now = options.service.now()
  const common: Record<string, string> = { Server: 'AliyunOSS', 'x-oss-request-id': requestId }
  const started = performance.now()
  const setTime = (): void => {
    common['x-oss-server-time'] = String(Math.round(performance.now() - started))
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
  // The signature of a form is in its fields; one in the header or URL is not looked at.
  if (isForm) {
    if (address.pathStyle) throw new OssError('secondLevelDomainForbidden')
    return postObject(call, need(bucket, bucketName, service), keys)
  }
  const caller = authenticate(
    {
      method: request.method ?? '',
      headers: pairs(request.rawHeaders),
      query: address.query,
      ...(bucketName === '' ? {} : { bucket: bucketName, key }),
    },
    keys,
    service.region,
    now,
  )
  const known: Call = caller ? { ...call, caller } : call
  if (/^[/\\]/.test(key) || Buffer.byteLength(key) > KEY_BYTES) {
    throw new OssError('invalidObjectName', { details: { ObjectName: key } })
  }
  if (bucketName === '') {
    if (request.method !== 'GET') throw new OssError('methodNotAllowed')
    await announce(known, LIST_BUCKETS.action)
    await authorise(known, LIST_BUCKETS.action, undefined, '')
    return LIST_BUCKETS.handle(known, undefined as never)
  }
  const operation = findOperation(known)
  await announce(known, operation.action)
  if (operation === PUT_BUCKET) {
    await authorise(known, operation.action, bucket, '')
    return operation.handle(known, undefined as never)
  }
  const existing = need(bucket, bucketName, service)
  if (!operation.ofManyObjects) await authorise(known, operation.action, existing, key)
  return operation.handle(known, existing)
}

function need(bucket: Bucket | undefined, name: string, { account }: Service): Bucket {
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
  const { settings } = need(bucket, address.bucket, service)
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
    // Whoever goes away in the middle of a download has his reasons.
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
  const known = error instanceof OssError
  if (!known) onFailure(error)
  const refusal = known ? error : new OssError('internalError')
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
  let left = DRAIN_BYTES
  request.on('error', () => {})
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) request.destroy()
  })
  request.resume()
}

// Random digits of which Node keeps a supply: to ask the system costs as much as the signature.
function newRequestId(): string {
  return randomUUID().replaceAll('-', '').slice(8).toUpperCase()
}

function pairs(raw: readonly string[]): [string, string][] {
  const found: [string, string][] = []
  for (let i = 0; i + 1 < raw.length; i += 2) found.push([raw[i] as string, raw[i + 1] as string])
  return found
}
