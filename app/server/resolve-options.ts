import { createHmac, randomBytes } from 'node:crypto'
import { DEFAULTS, isSendableAccessCode, isTypeEntry } from '../contract/index.ts'
import { type Credentials, POST_LIMITS, SigningError, signPostForm } from '../signing/index.ts'
import { callbackParameter } from './callback/parameter.ts'
import { fetchPublicKey } from './callback/public-key.ts'
import { areCallbackUrls, CALLBACK_URL_RULE } from './callback/url.ts'
import { type MultipartOptions, multipartOptions } from './multipart/options.ts'
import type { SigningOptions } from './signing-options.ts'
import { isUploadDir, UPLOAD_DIR_RULE } from './upload/upload-dir.ts'

type WithDefault =
  | 'dir'
  | 'maxSize'
  | 'allowedTypes'
  | 'expiresInSeconds'
  | 'version'
  | 'naming'
  | 'callbackTimeoutMs'
  | 'fetchPublicKey'
  | 'report'
  | 'now'

/** Signing options with every value checked and every default applied. */
export type ResolvedOptions = Omit<
  SigningOptions,
  WithDefault | 'credentials' | 'tokenSecret' | 'multipart'
> &
  Required<Pick<SigningOptions, WithDefault>> & {
    credentials: () => Promise<Credentials>
    /** Key of the tokens. */
    tokenSecret: Buffer
    multipart: Required<MultipartOptions> | undefined
  }

/**
 * Checks options and applies defaults, so that a mistake shows at the start and not at a request.
 *
 * @returns `dir` empty or ending with a slash, and `uploadHost` as an origin
 * @throws TypeError that names the option
 */
export function resolveOptions(options: SigningOptions): ResolvedOptions {
  checkOptions(options)
  const { credentials, multipart } = options
  const dir = options.dir ?? DEFAULTS.uploadDir
  const resolved: ResolvedOptions = {
    maxSize: POST_LIMITS.objectBytes,
    allowedTypes: [],
    expiresInSeconds: DEFAULTS.expiresSeconds,
    version: 'v4',
    naming: 'unique',
    callbackTimeoutMs: 4_500,
    fetchPublicKey,
    report: () => {},
    now: () => new Date(),
    ...options,
    dir: dir === '' || dir.endsWith('/') ? dir : `${dir}/`,
    uploadHost: new URL(options.uploadHost).origin,
    credentials: typeof credentials === 'function' ? credentials : async () => credentials,
    tokenSecret: tokenSecret(options),
    multipart: multipart && multipartOptions(multipart, options.maxSize),
  }
  checkSigning(resolved, typeof credentials === 'function' ? undefined : credentials)
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

/** Signs a form with a short key: options that cannot sign that cannot sign any. */
function checkSigning(options: ResolvedOptions, credentials: Credentials | undefined): void {
  const { dir, maxSize, callbackUrl } = options
  try {
    signPostForm({
      ...options,
      credentials: credentials ?? { accessKeyId: 'probe', accessKeySecret: 'probe' },
      now: new Date(),
      target: { dir, maxSize },
      ...(callbackUrl !== undefined && { callback: callbackParameter(options, { dir }, 0) }),
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
