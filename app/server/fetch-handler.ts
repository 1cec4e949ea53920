import { randomUUID } from 'node:crypto'
import { mediaTypeEssence } from '@oss-direct-upload/contract'
import type { Request as ExpressRequest } from 'express'
import { clientConfig } from './config-endpoint.ts'
import { asRequestError } from './http/error-handler.ts'
import { RequestError } from './http/errors.ts'
import { type ResolvedOptions, resolveOptions } from './resolve-options.ts'
import { MAX_BODY_BYTES, signFiles } from './signature/sign-files.ts'
import { signForm } from './signature/sign-form.ts'
import { formTarget } from './signature/signature-handler.ts'
import type { SigningOptions, UploadRequest } from './signing-options.ts'
import { createSigner } from './upload/signer.ts'

export type { ErrorCode } from '@oss-direct-upload/contract'
export { RequestError } from './http/errors.ts'
export type { UploadRequest } from './signing-options.ts'

/** Options that need routes besides those of the handler, or hooks that take a request of Node. */
type RouterOption =
  | 'multipart'
  | 'callbackUrl'
  | 'onUploaded'
  | 'checkUploads'
  | 'callbackTimeoutMs'
  | 'fetchPublicKey'
  | 'tokenSecret'
  | 'authorise'
  | 'nameKey'
  | 'limit'

/** Options of `signingHandler`; the hooks receive the request that the handler was called with. */
export interface FetchOptions extends Omit<SigningOptions, RouterOption> {
  /** Returns true to admit the client; returns false, or throws a RequestError, to refuse it. */
  authorise?: (request: Request) => Promise<boolean> | boolean
  /** Returns the object key, in place of `naming`; it must start with `dir`. */
  nameKey?: (upload: UploadRequest, request: Request) => Promise<string> | string
  /** Returns the largest file for this client in bytes, 0 or more; `maxSize` applies as well. */
  limit?: (request: Request) => Promise<number> | number
  /**
   * Returns the IP address of the client, which a `Request` does not have. Required with `accessCode`,
   * `filesPerHour` and `bytesPerHour`, which count by client.
   */
  clientAddress?: (request: Request) => string
}

/** Answers a request; never rejects. */
export type FetchHandler = (request: Request) => Promise<Response>

/**
 * Creates the handler of `GET …/signature`, `POST …/signatures` and `GET …/config.json` for servers that
 * work with `Request` and `Response`: Next.js, Hono, Fastify and others. It answers as the router for
 * Express does, errors included. Files in parts and callbacks need the router.
 *
 * @throws TypeError when an option cannot work
 */
export function signingHandler(options: FetchOptions): FetchHandler {
  const { authorise, nameKey, limit, clientAddress, ...common } = options
  for (const name of ['accessCode', 'filesPerHour', 'bytesPerHour'] as const) {
    if (options[name] !== undefined && clientAddress === undefined) {
      throw new TypeError(`${name} needs clientAddress, the address of the client`)
    }
  }
  const resolved = resolveOptions(common)
  return async (request) => {
    const requestId = randomUUID()
    try {
      const body = await answer(
        request,
        requestId,
        {
          ...resolved,
          ...(authorise && { authorise: () => authorise(request) }),
          ...(nameKey && { nameKey: (upload) => nameKey(upload, request) }),
          ...(limit && { limit: () => limit(request) }),
        },
        clientAddress?.(request) ?? '',
      )
      return request.method === 'OPTIONS'
        ? new Response(null, { status: 204, headers: { Allow: allowedMethods(request) } })
        : reply(request, 200, body, requestId)
    } catch (error) {
      const { code, status, message, retryAfterSeconds } = asRequestError(error)
      if (status >= 500) resolved.report(error, requestId)
      const response = reply(request, status, { code, message, requestId }, requestId)
      if (retryAfterSeconds !== undefined) {
        response.headers.set('Retry-After', String(retryAfterSeconds))
      }
      if (code === 'MethodNotAllowed') response.headers.set('Allow', allowedMethods(request))
      return response
    }
  }
}

async function answer(
  request: Request,
  requestId: string,
  options: ResolvedOptions,
  address: string,
): Promise<unknown> {
  const endpoint = endpointOf(request)
  if (!ENDPOINTS.includes(endpoint)) throw new RequestError('NotFound')
  if (!allowedMethods(request).split(', ').includes(request.method)) {
    throw new RequestError('MethodNotAllowed')
  }
  if (request.method === 'OPTIONS') return undefined
  if (endpoint === 'config.json') return clientConfig(options)
  const asExpress = expressRequest(request, address)
  if (endpoint === 'signatures') {
    return signFiles(asExpress, options, {
      readBody: () => readJson(request),
      requestId: () => requestId,
    })
  }
  return signForm(await formTarget(asExpress, options), await createSigner(options), options)
}

const ENDPOINTS: readonly string[] = ['signature', 'signatures', 'config.json']

/** Returns the last segment of the path: the handler works below any prefix. */
function endpointOf(request: Request): string {
  return new URL(request.url).pathname.split('/').at(-1) ?? ''
}

function allowedMethods(request: Request): string {
  return endpointOf(request) === 'signatures' ? 'POST' : 'GET, HEAD, OPTIONS'
}

/** Returns what the checks read of a request, all of which a `Request` has or `address` provides. */
function expressRequest(request: Request, address: string): ExpressRequest {
  const query: Record<string, string | string[]> = {}
  const { searchParams } = new URL(request.url)
  for (const name of new Set(searchParams.keys())) {
    const values = searchParams.getAll(name)
    query[name] = values.length === 1 ? (values[0] ?? '') : values
  }
  const get = (name: string) => request.headers.get(name) ?? undefined
  return { ip: address, query, get } as unknown as ExpressRequest
}

/**
 * Returns the parsed body.
 *
 * @returns undefined for another type than JSON
 * @throws RequestError RequestTooLarge; InvalidRequest for a body that is compressed or no JSON
 */
async function readJson(request: Request): Promise<unknown> {
  const { headers, body } = request
  if (mediaTypeEssence(headers.get('content-type') ?? '') !== 'application/json') return undefined
  // It could expand to any size.
  if (headers.has('content-encoding')) throw new RequestError('InvalidRequest')
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > MAX_BODY_BYTES) throw new RequestError('RequestTooLarge')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new RequestError('InvalidRequest')
  }
}

function reply(request: Request, status: number, body: unknown, requestId: string): Response {
  const headers = {
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json; charset=utf-8',
    'X-Request-Id': requestId,
  }
  return new Response(request.method === 'HEAD' ? null : JSON.stringify(body), { status, headers })
}
