import type { Credentials } from './credentials.ts'
import type { PostPolicy } from './post-policy.ts'

/** V4 for everything new; V1 only for old buckets, as OSS closes it in phases since 2025-03-01. */
export type SignatureVersion = 'v4' | 'v1'

/** One field of a form. */
export type FormField = [name: string, value: string]

/** An exact form: one key, one length, one type. */
export interface PostObjectTarget {
  key: string
  /** Bytes, 0 to 5 GiB. */
  size: number
  /** MIME type that the object is stored with, whatever type the `file` part declares. */
  contentType: string
  /** @default true */
  forbidOverwrite?: boolean
}

/** A general form: any key under a prefix, for clients that request a form before they know a name. */
export interface PostPrefixTarget {
  /** Key prefix, e.g. `upload/`; may be empty. */
  dir: string
  /** Bytes, 0 to 5 GiB. */
  maxSize: number
}

export interface PostFormInput {
  /** @default 'v4' */
  version?: SignatureVersion
  credentials: Credentials
  /** Without the `oss-` prefix, e.g. `ap-southeast-1`. */
  region: string
  bucket: string
  /** Time of signing. */
  now: Date
  /** 1 to 604800. */
  expiresInSeconds: number
  target: PostObjectTarget | PostPrefixTarget
  /** @default 200 */
  successActionStatus?: 200 | 201 | 204
  /** Base64 of the callback's JSON, at most 5 KiB. */
  callback?: string
  /** Further form fields, e.g. `Cache-Control`, `x-oss-meta-*`, `x:var`; an exact form pins them. */
  fields?: Record<string, string>
}

export interface SignedPostForm {
  /** Every field in the order to send; `file` follows last. */
  fields: FormField[]
  document: PostPolicy
  /** Base64 of the document. */
  policy: string
  signature: string
  expiration: Date
  /** x-oss-date; V4 only. */
  date?: string
  /** x-oss-credential; V4 only. */
  credential?: string
}
