import { createHmac, randomBytes } from 'node:crypto'
import {
  DEFAULTS,
  isSendableAccessCode,
  isTypeEntry,
  mistakenTypeProblem,
  uploadHostProblem,
} from '@oss-direct-upload/contract'
import {
  type Credentials,
  POST_LIMITS,
  SigningError,
  signPostForm,
} from '@oss-direct-upload/signing'
import { callbackParameter } from './callback/parameter.ts'
import { fetchPublicKey } from './callback/public-key.ts'
import type { ObjectSource } from './callback/stored-object.ts'
import { areCallbackUrls, CALLBACK_URL_RULE } from './callback/url.ts'
import type { AccessKeyUse } from './credentials/access-key-use.ts'
import type { RateLimit } from './limits/rate-limit.ts'
import { UploadQuota } from './limits/upload-quota.ts'
import { type MultipartOptions, multipartOptions } from './multipart/options.ts'
import type { SigningOptions } from './signing-options.ts'
import { AccessCodeCheck } from './upload/access-code.ts'
import { PINNED_FIELDS } from './upload/pinned-fields.ts'
import { isUploadDir, UPLOAD_DIR_RULE } from './upload/upload-dir.ts'

type WithDefault =
  | 'dir'
  | 'maxSize'
  | 'allowedTypes'
  | 'expiresInSeconds'
  | 'version'
  | 'naming'
  | 'generalForm'
  | 'pinnedFields'
  | 'callbackTimeoutMs'
  | 'fetchPublicKey'
  | 'report'
  | 'now'

/** Signing options with every value checked and every default applied. */
export type ResolvedOptions = Omit<
  SigningOptions,
  WithDefault | 'credentials' | 'tokenSecret' | 'multipart' | 'checkUploads'
> &
  Required<Pick<SigningOptions, WithDefault>> & {
    credentials: () => Promise<Credentials>
    /** Key of the tokens. */
    tokenSecret: Buffer
    multipart: Required<MultipartOptions> | undefined
    /** Absent without an access code. */
    codeCheck: AccessCodeCheck | undefined
    /** Counts the files of `POST /signatures` after the first. @default no limit */
    rateLimit?: RateLimit
    /** Records that OSS accepts the access key. @default no record */
    keyUse?: AccessKeyUse | undefined
    /** Absent without a limit an hour. */
    quota: UploadQuota | undefined
    /** Where to check uploads; absent unless they are checked. */
    objectSource: ObjectSource | undefined
  }

/**
 * Checks options and applies defaults, so that a mistake shows at the start and not at a request.
 *
 * @returns `dir` empty or ending with a slash, and `uploadHost` as an origin
 * @throws TypeError that names the option
 */
export function resolveOptions(options: SigningOptions): ResolvedOptions {
  checkOptions(options)
  const { multipart, bucket, region, filesPerHour, bytesPerHour, checkUploads } = options
  const given = options.credentials
  const credentials = typeof given === 'function' ? given : async () => given
  const now = options.now ?? (() => new Date())
  const dir = options.dir ?? DEFAULTS.uploadDir
  const resolved: ResolvedOptions = {
    maxSize: POST_LIMITS.objectBytes,
    allowedTypes: [],
    expiresInSeconds: DEFAULTS.expiresSeconds,
    version: 'v4',
    naming: 'unique',
    generalForm: false,
    callbackTimeoutMs: 4_500,
    fetchPublicKey,
    report: () => {},
    ...options,
    now,
    pinnedFields: { ...PINNED_FIELDS, ...options.pinnedFields },
    dir: dir === '' || dir.endsWith('/') ? dir : `${dir}/`,
    uploadHost: new URL(options.uploadHost).origin,
    credentials,
    tokenSecret: tokenSecret(options),
    multipart: multipart && multipartOptions(multipart, options.maxSize),
    codeCheck:
      options.accessCode === undefined ? undefined : new AccessCodeCheck(options.accessCode),
    quota:
      filesPerHour === undefined && bytesPerHour === undefined
        ? undefined
        : new UploadQuota(options),
    objectSource: checkUploads
      ? { bucket, region, credentials, now, endpoint: objectEndpoint(options) }
      : undefined,
  }
  checkSigning(resolved, typeof given === 'function' ? undefined : given)
  const hostProblem = uploadHostProblem(resolved.uploadHost, region, bucket)
  if (hostProblem !== undefined) throw new TypeError(`uploadHost ${hostProblem}`)
  return resolved
}

function checkOptions(options: SigningOptions): void {
  const { uploadHost, dir = '', allowedTypes = [], accessCode, callbackUrl, onUploaded } = options
  const host = URL.parse(uploadHost)
  if (host === null || !/^https?:$/.test(host.protocol)) {
    throw new TypeError('uploadHost must be an http or https origin')
  }
  if (!isUploadDir(dir)) throw new TypeError(`dir ${UPLOAD_DIR_RULE}`)
  const bad = allowedTypes.find((entry) => !isTypeEntry(entry))
  if (bad !== undefined) {
    throw new TypeError(`allowedTypes must have entries like .jpg or image/*, not "${bad}"`)
  }
  const mistaken = mistakenTypeProblem(allowedTypes)
  if (mistaken !== undefined) throw new TypeError(`allowedTypes ${mistaken}`)
  checkGeneralForm(options)
  for (const name of ['filesPerHour', 'bytesPerHour'] as const) {
    const value = options[name] ?? 1
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new TypeError(`${name} must be a whole number, 1 or more`)
    }
  }
  if (accessCode !== undefined && !isSendableAccessCode(accessCode)) {
    throw new TypeError('accessCode must be printable ASCII that starts and ends without a space')
  }
  if (callbackUrl === undefined && onUploaded !== undefined) {
    throw new TypeError('onUploaded needs callbackUrl, the address that OSS calls')
  }
  if (callbackUrl !== undefined && !areCallbackUrls(callbackUrl)) {
    throw new TypeError(`callbackUrl ${CALLBACK_URL_RULE}`)
  }
}

/** What the policy of a general form cannot hold it to, by option. */
const NOT_WITH_GENERAL_FORM = {
  nameKey: 'the client chooses the name',
  allowedTypes: 'a policy that the sample clients can meet cannot pin the type',
  callbackUrl: 'it has no key that a callback could be tied to',
  filesPerHour: 'it stores any number of files',
  bytesPerHour: 'it stores any number of bytes',
} as const

function checkGeneralForm(options: SigningOptions): void {
  if (!options.generalForm) return
  for (const [name, reason] of Object.entries(NOT_WITH_GENERAL_FORM)) {
    const value = options[name as keyof typeof NOT_WITH_GENERAL_FORM]
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue
    throw new TypeError(`generalForm cannot be combined with ${name}: ${reason}`)
  }
}

function objectEndpoint({ checkUploads, bucket, region }: SigningOptions): string {
  if (typeof checkUploads === 'string') return new URL(checkUploads).origin
  return `https://${bucket}.oss-${region}-internal.aliyuncs.com`
}

/** Signs a form with a short key: options that cannot sign that cannot sign any. */
function checkSigning(options: ResolvedOptions, credentials: Credentials | undefined): void {
  const { dir, maxSize, callbackUrl, pinnedFields } = options
  const key = `${dir}a`
  try {
    signPostForm({
      ...options,
      credentials: credentials ?? { accessKeyId: 'probe', accessKeySecret: 'probe' },
      now: new Date(),
      target: { key, size: maxSize, contentType: 'application/octet-stream' },
      fields: pinnedFields,
      ...(callbackUrl !== undefined && { callback: callbackParameter(options, key, 0) }),
    })
  } catch (error) {
    if (!(error instanceof SigningError)) throw error
    throw new TypeError(`The options cannot sign a form: ${error.message}`)
  }
}

/**
 * Returns the key of the tokens. One derived from a long-lived access key survives a restart and is
 * the same on every instance.
 */
function tokenSecret({ tokenSecret: given, credentials }: SigningOptions): Buffer {
  if (given === undefined && typeof credentials === 'function') return randomBytes(32)
  const source = given ?? (credentials as Credentials).accessKeySecret
  return createHmac('sha256', source).update('callback token').digest()
}
