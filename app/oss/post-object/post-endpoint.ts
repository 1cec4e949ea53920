import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type CorsRule, corsHeaders, preflightHeaders } from './cors.ts'
import { errorDocument, xmlDocument } from './error-document.ts'
import { OssError } from './errors.ts'
import { type PostedObject, type PostTarget, postObject } from './post-object.ts'

export interface PostEndpointOptions extends Omit<PostTarget, 'now'> {
  corsRules: readonly CorsRule[]
  /** @default the system's clock */
  now?: () => Date
  /** Told of each object that was stored. */
  onObject?: (key: string, size: number) => void
  /** Told of failures that are not the client's. */
  onFailure?: (error: unknown) => void
}

/** Bytes of a refused body that are still read, so that the client gets to see the refusal. */
const DRAIN_BYTES = 1024 * 1024

/**
 * The part of OSS that a browser's form meets: `POST /` and its preflight on one bucket, whatever
 * name the server is reached by.
 */
export function createPostEndpoint(options: PostEndpointOptions): Server {
  return createServer((request, response) => {
    void answer(request, response, options)
  })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: PostEndpointOptions,
): Promise<void> {
  const requestId = randomBytes(12).toString('hex').toUpperCase()
  response.setHeader('Server', 'AliyunOSS')
  response.setHeader('x-oss-request-id', requestId)
  const cors = corsHeaders(request, options.corsRules)
  for (const [name, value] of Object.entries(cors)) response.setHeader(name, value)
  try {
    if (request.method === 'OPTIONS') {
      response.writeHead(200, preflightHeaders(request, options.corsRules)).end()
      return
    }
    if (request.method !== 'POST' || new URL(request.url ?? '/', 'http://oss').pathname !== '/') {
      throw new OssError('methodNotAllowed')
    }
    const posted = await postObject(request, { ...options, now: options.now ?? (() => new Date()) })
    options.onObject?.(posted.object.key, posted.object.size)
    succeed(request, response, posted, options.bucket)
  } catch (error) {
    refuse(request, response, error, requestId, options)
  }
}

function succeed(
  request: IncomingMessage,
  response: ServerResponse,
  { object, fields }: PostedObject,
  bucket: string,
): void {
  response.setHeader('ETag', `"${object.etag}"`)
  response.setHeader('x-oss-hash-crc64ecma', object.crc64)
  const redirect = fields.get('success_action_redirect')
  const status = fields.get('success_action_status')
  if (redirect) response.writeHead(303, { Location: redirect }).end()
  else if (status === '201') {
    const body = xmlDocument('PostResponse', [
      ['Bucket', bucket],
      ['ETag', `"${object.etag}"`],
      ['Key', object.key],
      ['Location', `http://${request.headers.host ?? ''}/${encodeURI(object.key)}`],
    ])
    response.writeHead(201, { 'Content-Type': 'application/xml' }).end(body)
  } else response.writeHead(status === '200' ? 200 : 204).end()
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  requestId: string,
  options: PostEndpointOptions,
): void {
  const known = error instanceof OssError
  if (!known) options.onFailure?.(error)
  const refusal = known ? error : new OssError('internalError')
  const body = errorDocument(refusal, requestId, request.headers.host ?? '')
  const headers: Record<string, string> = {
    'Content-Type': 'application/xml',
    'Content-Length': String(Buffer.byteLength(body)),
  }
  if (refusal.ec !== '') headers['x-oss-ec'] = refusal.ec
  if (!request.complete) headers.Connection = 'close'
  response.writeHead(refusal.status, headers).end(body)
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
