import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  identityDocument,
  type MetadataSource,
  metadataTree,
  readMetadata,
} from './metadata-tree.ts'

/** Longest lifetime of a token: 6 hours. */
const MAX_TTL_SECONDS = 21_600
const VERSIONS = new Set(['latest', '2016-01-01'])
const TTL_HEADER = 'x-aliyun-ecs-metadata-token-ttl-seconds'
const TOKEN_HEADER = 'x-aliyun-ecs-metadata-token'

interface Token {
  instanceId: string
  /** Milliseconds since 1970. */
  expires: number
}

/**
 * The metadata service at 100.100.100.200, in its hardened mode only: every read needs a token, which
 * is valid for the instance that requested it.
 * Source: "ECS instance metadata", "Security hardening mode", Alibaba Cloud documentation.
 */
export class MetadataService {
  readonly #sourceAt: (address: string) => MetadataSource | undefined
  readonly #tokens = new Map<string, Token>()

  /** @param sourceAt Returns the metadata of the instance that has a private address */
  constructor(sourceAt: (address: string) => MetadataSource | undefined) {
    this.#sourceAt = sourceAt
  }

  /** Answers one request. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    request.resume()
    const source = this.#sourceAt(request.socket.remoteAddress ?? '')
    const [status, body] = source ? this.#answer(request, source) : ([404, ''] as const)
    response.writeHead(status, {
      'content-type': 'text/plain',
      'content-length': Buffer.byteLength(body),
    })
    response.end(request.method === 'HEAD' ? '' : body)
  }

  #answer(request: IncomingMessage, source: MetadataSource): readonly [number, string] {
    const { pathname } = new URL(request.url ?? '/', 'http://100.100.100.200')
    const { instanceId } = source.machine
    if (request.method === 'PUT' && pathname === '/latest/api/token') {
      const seconds = Number(request.headers[TTL_HEADER])
      if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_TTL_SECONDS) return [400, '']
      const token = randomBytes(42).toString('base64url')
      this.#tokens.set(token, { instanceId, expires: Date.now() + seconds * 1000 })
      return [200, token]
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return [405, '']
    const token = this.#tokens.get(String(request.headers[TOKEN_HEADER]))
    if (token?.instanceId !== instanceId || token.expires <= Date.now()) return [401, '']
    const text = this.#read(pathname, source)
    return text === undefined ? [404, ''] : [200, text]
  }

  #read(pathname: string, source: MetadataSource): string | undefined {
    const [version = '', ...path] = pathname.split('/').filter(Boolean)
    if (version === '') return [...VERSIONS].join('\n')
    if (!VERSIONS.has(version)) return undefined
    const [first, ...rest] = path
    switch (first) {
      case undefined:
        return 'dynamic/\nmeta-data/\nuser-data'
      case 'user-data':
        return rest.length === 0 ? source.machine.userData : undefined
      case 'vendor-data':
        return rest.length === 0 ? '' : undefined
      case 'dynamic':
        return rest.join('/') === 'instance-identity/document'
          ? identityDocument(source)
          : undefined
      case 'meta-data': {
        const tree = metadataTree(source)
        return rest.join('/') === 'all' ? allText(tree) : readMetadata(tree, rest)
      }
      default:
        return undefined
    }
  }
}

/** Returns `meta-data/all`: the whole tree as JSON, with the JSON in files parsed. */
function allText(tree: unknown): string {
  return JSON.stringify(tree, (_name, value: unknown) => {
    if (typeof value !== 'string' || !/^[[{]/.test(value)) return value
    return JSON.parse(value) as unknown
  })
}
