import type { IncomingMessage } from 'node:http'
import type { AllowedTypes } from '../contract/index.ts'
import type { Credentials, SignatureVersion } from '../signing/index.ts'
import type { UploadedEvent } from './callback/body.ts'
import type { MultipartOptions } from './multipart/options.ts'
import type { NamingMode } from './upload/object-key.ts'

/** A file that someone asks to upload. */
export interface UploadRequest {
  name: string
  /** MIME type; empty when unknown. */
  type: string
  /** Bytes. */
  size: number
}

/** What the signing router needs, and the hooks of those who embed it. */
export interface SigningOptions {
  /** A RAM user's key, or a function that gets temporary credentials. */
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
  /** Large files in parts. @default off: every file goes by form */
  multipart?: MultipartOptions
  /** @default every type */
  allowedTypes?: AllowedTypes
  /** Seconds that a signature lives. @default 600 */
  expiresInSeconds?: number
  /** @default 'v4' */
  version?: SignatureVersion
  /** @default 'unique' */
  naming?: NamingMode
  /** Asked for with every signature, in the header x-access-code. @default none */
  accessCode?: string
  /** Address that OSS calls once an object is stored. @default no callback */
  callbackUrl?: string
  /**
   * Told of every verified callback; what it returns, if anything, is the JSON object that the
   * browser receives. Has about 4 seconds; needs `callbackUrl`.
   *
   * @default the browser receives `{ status: 'ok', object, size }`
   */
  onUploaded?: (event: UploadedEvent) => Promise<unknown> | unknown
  /**
   * Key of the tokens that tie callbacks to forms, and the steps of an upload in parts to its
   * beginning; to be shared by all instances.
   *
   * @default derived from the access key; with `credentials` as a function, random at each start
   */
  callbackSecret?: string
  /** Milliseconds after which OSS is answered whatever happens. @default 4500 */
  callbackMilliseconds?: number
  /** Gets the PEM of a key of OSS's. @default fetched over https */
  fetchPublicKey?: (url: URL) => Promise<string>
  /** Told when `onUploaded` fails after OSS has been answered. @default nobody */
  report?: (error: unknown, requestId: string) => void
  /** Return false, or throw a RequestError, to refuse the caller. */
  authorise?: (request: IncomingMessage) => Promise<boolean> | boolean
  /** Names the object instead of `naming`; the key must start with `dir`. */
  nameKey?: (upload: UploadRequest, request: IncomingMessage) => Promise<string> | string
  /** Bytes allowed to this caller; at most `maxSize` counts. */
  limit?: (request: IncomingMessage) => Promise<number> | number
  /** Clock. @default the system's */
  now?: () => Date
}
