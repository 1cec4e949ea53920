import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { AccessKey } from './access/access-key.ts'
import type { BucketSettings } from './store/bucket-settings.ts'
import type { Bucket, ObjectStore } from './store/object-store.ts'

/** What is told of each object that was stored. */
export interface StoredEvent {
  bucket: string
  key: string
  /** Bytes. */
  size: number
  operation: 'PutObject' | 'PostObject' | 'CompleteMultipartUpload' | 'CopyObject'
  requestId: string
}

/** One call, once it is known what it asks for. */
export interface CallEvent {
  request: IncomingMessage
  /** E.g. `oss:PutObject`. */
  action: string
  /** Empty for a call on the service. */
  bucket: string
  key: string
  /** Absent for an anonymous call. */
  accessKeyId?: string
}

/** How a request came, where a proxy or a server in front knows better than the socket. */
export interface Connection {
  /** Whether it was encrypted. */
  secure: boolean
  clientAddress: string
}

/** What is known of buckets beyond this service's own. */
export interface Account {
  /** The account's buckets in other regions. */
  bucketsElsewhere(): readonly BucketSettings[]
  /** Whether somebody else has a bucket of that name: all accounts share the names. */
  isTaken(bucket: string): boolean
}

/** The service that a call is made to. */
export interface Service {
  store: ObjectStore
  /** Without the `oss-` prefix. */
  region: string
  /** The account that owns everything. */
  accountId: string
  now: () => Date
  onObject: (event: StoredEvent) => void
  /** Told of each call before it is authorised; what it throws is the answer. */
  onCall: (event: CallEvent) => void | Promise<void>
  account: Account
  /** Makes the callback that an upload asked for; undefined when it asked for none. */
  sendCallback: (upload: CallbackUpload) => Promise<Reply | undefined>
  /** Whether what one key may do extends to this object too, for copies. */
  mayRead: (call: Call, bucket: Bucket, key: string) => Promise<void>
}

/** An object that was just stored, with what its uploader wants called. */
export interface CallbackUpload {
  /** Base64 of the callback parameter. */
  parameter: string
  /** Values of `${x:name}`. */
  variables: Readonly<Record<string, string>>
  bucket: string
  key: string
  etag: string
  size: number
  mimeType: string
  crc64: string
  contentMd5: string
  operation: string
  requestId: string
  clientIp: string
  requester: string
}

/** One request, once it is known whose it is and what it is for. */
export interface Call {
  service: Service
  request: IncomingMessage
  connection: Connection
  requestId: string
  /** Decoded; of repeated names the first. */
  query: ReadonlyMap<string, string>
  /** Empty for a call on the service. */
  bucketName: string
  /** Decoded; empty for a call on the bucket or the service. */
  key: string
  /** Absent for an anonymous call. */
  caller?: AccessKey
  now: Date
}

/** What is answered. */
export interface Reply {
  status: number
  headers?: Record<string, string>
  body?: string | Readable
}

/** The first value of a request header. */
export function headerOf(call: Call, name: string): string | undefined {
  const value = call.request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** What the socket says of how a request came. */
export function connectionOf({ socket }: IncomingMessage): Connection {
  const clientAddress = socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''
  return { secure: 'encrypted' in socket, clientAddress }
}

/** Tells of a call, before it is authorised. */
export async function announce(call: Call, action: string): Promise<void> {
  const { service, request, bucketName: bucket, key, caller } = call
  const event = { request, action, bucket, key }
  await service.onCall(caller ? { ...event, accessKeyId: caller.accessKeyId } : event)
}
