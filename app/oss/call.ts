import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { AccessKey } from './access/access-key.ts'
import type { BucketSettings } from './store/bucket-settings.ts'
import type { Bucket, ObjectStore } from './store/object-store.ts'

/** An object that has been stored. */
export interface StoredEvent {
  bucket: string
  key: string
  /** Bytes. */
  size: number
  operation:
    | 'AppendObject'
    | 'CompleteMultipartUpload'
    | 'CopyObject'
    | 'PostObject'
    | 'PutObject'
    | 'PutSymlink'
  requestId: string
}

/** A call whose operation is known. */
export interface CallEvent {
  request: IncomingMessage
  /** RAM action, e.g. `oss:PutObject`. */
  action: string
  /** Empty for a call to the service. */
  bucket: string
  /** Empty for a call to a bucket or the service. */
  key: string
  /** Absent for an anonymous call. */
  accessKeyId?: string
}

/** How a request came, for servers behind a proxy that know more than the socket. */
export interface Connection {
  /** Whether it was encrypted. */
  secure: boolean
  clientAddress: string
}

/** Buckets beyond those of this service. */
export interface Account {
  /** Returns the account's buckets in other regions. */
  bucketsElsewhere(): readonly BucketSettings[]
  /** Returns whether another account owns a bucket of this name. All accounts share the names. */
  isTaken(bucket: string): boolean
}

/** What the handlers of calls need of the service. */
export interface Service {
  store: ObjectStore
  /** Without the `oss-` prefix. */
  region: string
  /** Owner of all buckets and objects. */
  accountId: string
  now: () => Date
  /** Called for each stored object. */
  onObject: (event: StoredEvent) => void
  /** Called for each call before it is authorised. An error that it throws is the response. */
  onCall: (event: CallEvent) => void | Promise<void>
  account: Account
  /** Whether callbacks may go to private and loopback addresses. */
  allowPrivateCallbacks: boolean
  /** Makes the callback of an upload and returns the response to the upload. */
  sendCallback: (upload: CallbackUpload) => Promise<Reply>
  /** Authorises the caller to read an object, for copies. @throws OssError */
  authoriseRead: (call: Call, bucket: Bucket, key: string) => Promise<void>
}

/** A stored object with its requested callback. */
export interface CallbackUpload {
  /** Base64 of the callback parameter. */
  parameter: string
  /** Values of `${x:name}`. */
  variables: Readonly<Record<string, string>>
  bucket: string
  key: string
  etag: string
  /** Bytes. */
  size: number
  mimeType: string
  /** Unsigned decimal. */
  crc64: string
  /** Base64. */
  contentMd5: string
  operation: string
  requestId: string
  clientIp: string
  /** Access key id of the uploader; empty for an anonymous one. */
  requester: string
}

/** A request whose bucket, key and caller are known. */
export interface Call {
  service: Service
  request: IncomingMessage
  connection: Connection
  requestId: string
  /** Decoded. Of a repeated name, the first value. */
  query: ReadonlyMap<string, string>
  /** Empty for a call to the service. */
  bucketName: string
  /** Decoded; empty for a call to a bucket or the service. */
  key: string
  /** Absent for an anonymous call. */
  caller?: AccessKey
  now: Date
}

/** A response. */
export interface Reply {
  status: number
  headers?: Record<string, string>
  body?: string | Readable
}

/** Returns the first value of a request header. @param name Lower case */
export function headerOf(call: Call, name: string): string | undefined {
  const value = call.request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** Returns what the socket of a request knows. */
export function connectionOf({ socket }: IncomingMessage): Connection {
  const clientAddress = socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''
  return { secure: 'encrypted' in socket, clientAddress }
}

/** Calls `onCall`. @throws what it throws */
export async function reportCall(call: Call, action: string): Promise<void> {
  const { service, request, bucketName: bucket, key, caller } = call
  const event = { request, action, bucket, key }
  await service.onCall(caller ? { ...event, accessKeyId: caller.accessKeyId } : event)
}
