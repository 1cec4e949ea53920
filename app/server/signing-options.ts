import type { IncomingMessage } from 'node:http'
import type { AllowedTypes } from '@oss-direct-upload/contract'
import type { Credentials, SignatureVersion } from '@oss-direct-upload/signing'
import type { UploadedEvent } from './callback/body.ts'
import type { MultipartOptions } from './multipart/options.ts'
import type { NamingMode } from './upload/object-key.ts'

/** A file that a client requests to upload. */
export interface UploadRequest {
  name: string
  /** MIME type; empty when unknown. */
  type: string
  /** Bytes. */
  size: number
}

/** Options of the signing router, and the hooks of the application that mounts it. */
export interface SigningOptions {
  /** A RAM user's key, or a function that returns temporary credentials. */
  credentials: Credentials | (() => Promise<Credentials>)
  bucket: string
  /** Without the `oss-` prefix. */
  region: string
  /** Origin that forms are posted to: the bucket's endpoint or a custom domain bound to it. */
  uploadHost: string
  /** Key prefix. @default 'upload/' */
  dir?: string
  /** Bytes. @default 5 GiB, the most that a form can carry */
  maxSize?: number
  /** Uploads large files in parts. @default off: every file goes by form */
  multipart?: MultipartOptions
  /** @default every type */
  allowedTypes?: AllowedTypes
  /** Seconds until a signature expires. @default 600 */
  expiresInSeconds?: number
  /**
   * Signs forms without a name as well, for clients of the official samples: any key under a random
   * prefix. Such a form stores any number of files of any type and headers, until it expires. Cannot
   * be combined with `nameKey`, `allowedTypes`, `callbackUrl`, `filesPerHour` and `bytesPerHour`,
   * which no policy can hold it to.
   *
   * @default false
   */
  generalForm?: boolean
  /**
   * Values of form fields, and of headers of multipart uploads, that clients cannot choose; replace or
   * add to the default ones.
   *
   * @default `PINNED_FIELDS`
   */
  pinnedFields?: Readonly<Record<string, string>>
  /** Files that one client may have signed an hour. @default no limit */
  filesPerHour?: number
  /** Bytes that one client may have signed an hour. @default no limit */
  bytesPerHour?: number
  /** @default 'v4' */
  version?: SignatureVersion
  /** @default 'unique' */
  naming?: NamingMode
  /** Required in the header x-access-code of every signing request. @default none */
  accessCode?: string
  /** Address that OSS calls once an object is stored. @default no callback */
  callbackUrl?: string
  /**
   * Called with every verified callback; the JSON object that it returns, if any, is sent to the
   * browser. Has about 4 seconds; needs `callbackUrl`.
   *
   * @default the browser receives `{ status: 'ok', object, size }`
   */
  onUploaded?: (event: UploadedEvent) => Promise<unknown> | unknown
  /**
   * Key of the tokens that tie callbacks to forms, and the steps of a multipart upload to its start;
   * all instances must share it.
   *
   * @default derived from the access key; with `credentials` as a function, random at each start
   */
  tokenSecret?: string
  /**
   * Requests every object that a callback reports with HEAD, and refuses the callback unless the
   * object has the reported size and ETag. Needs oss:GetObject; `true` uses the bucket's internal
   * endpoint, an origin another one.
   *
   * @default false
   */
  checkUploads?: boolean | string
  /** Time after which a callback is answered in any case. @default 4500 */
  callbackTimeoutMs?: number
  /** Returns the PEM of one of OSS's public keys. @default fetches it over https */
  fetchPublicKey?: (url: URL) => Promise<string>
  /**
   * Called when `onUploaded` fails after the callback was answered, and when the server itself fails to
   * sign one of several files. @default nothing
   */
  report?: (error: unknown, requestId: string) => void
  /** Returns true to admit the client; returns false, or throws a RequestError, to refuse it. */
  authorise?: (request: IncomingMessage) => Promise<boolean> | boolean
  /** Returns the object key, in place of `naming`; it must start with `dir`. */
  nameKey?: (upload: UploadRequest, request: IncomingMessage) => Promise<string> | string
  /** Returns the largest file for this client in bytes, 0 or more; `maxSize` applies as well. */
  limit?: (request: IncomingMessage) => Promise<number> | number
  /** Clock. @default the system's */
  now?: () => Date
}
