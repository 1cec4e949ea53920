import { DEFAULTS, isSendableAccessCode, isTypeEntry } from '../contract/index.ts'
import { type PostFormInput, SigningError, signPostForm } from '../signing/index.ts'
import { callbackParameter } from './callback/parameter.ts'
import { areCallbackUrls, CALLBACK_URL_RULE } from './callback/url.ts'
import type { SigningOptions } from './signing-options.ts'
import { isUploadDir, UPLOAD_DIR_RULE } from './upload/upload-dir.ts'

/**
 * Finds out at once what would otherwise fail at every request.
 *
 * @param secret Key of the callback tokens
 * @param dir Key prefix of every object
 * @throws TypeError that names the option
 */
export function checkSigningOptions(options: SigningOptions, secret: Buffer, dir: string): void {
  const refuse = (sentence: string): never => {
    throw new TypeError(sentence)
  }
  const host = URL.parse(options.uploadHost)
  if (host === null || !/^https?:$/.test(host.protocol)) {
    refuse('uploadHost must be an http or https origin')
  }
  if (!isUploadDir(dir)) refuse(`dir ${UPLOAD_DIR_RULE}`)
  const bad = options.allowedTypes?.find((entry) => !isTypeEntry(entry))
  if (bad !== undefined) refuse(`allowedTypes must have entries like .jpg or image/*, not "${bad}"`)
  if (options.accessCode !== undefined && !isSendableAccessCode(options.accessCode)) {
    refuse('accessCode must be printable ASCII without spaces at its ends, as a header carries it')
  }
  if (options.callbackUrl === undefined && options.onUploaded !== undefined) {
    refuse('onUploaded needs callbackUrl: OSS must be told whom to call')
  }
  if (options.callbackUrl !== undefined && !areCallbackUrls(options.callbackUrl)) {
    refuse(`callbackUrl ${CALLBACK_URL_RULE}`)
  }
  try {
    signPostForm(probe(options, secret, dir))
  } catch (error) {
    if (error instanceof SigningError) refuse(`The options cannot sign a form: ${error.message}`)
    throw error
  }
}

// A form with a short key of the length that real ones have: what cannot sign it can sign nothing.
function probe(options: SigningOptions, secret: Buffer, dir: string): PostFormInput {
  const { credentials, bucket, region, callbackUrl, maxSize = 0 } = options
  const { expiresInSeconds = DEFAULTS.expiresSeconds } = options
  const lasting = typeof credentials === 'function' ? undefined : credentials
  return {
    credentials: lasting ?? { accessKeyId: 'probe', accessKeySecret: 'probe' },
    bucket,
    region,
    now: new Date(),
    expiresInSeconds,
    target: { dir, maxSize },
    ...(callbackUrl === undefined
      ? {}
      : { callback: callbackParameter(callbackUrl, secret, bucket, { dir }, 0) }),
  }
}
