import { DEFAULTS } from '@oss-direct-upload/contract'
import { POST_LIMITS } from '@oss-direct-upload/signing'
import type { Output } from '@pulumi/pulumi'
import { pageHost } from './page-origins.ts'
import type { StackConfig } from './stack-config.ts'

/** Directory of the server that survives a restart (StateDirectory= of systemd). */
const STATE_DIRECTORY = '/var/lib/oss-direct-upload'

export interface ServerEnvironmentInput {
  config: StackConfig
  /** Name of the upload bucket. */
  bucket: string
  /** Public address of the server or of the load balancer. */
  address: string
}

/**
 * Returns the variables of the server's environment that follow from the configuration, without
 * secrets. The user data adds those that every instance has.
 */
export function serverEnvironment(input: ServerEnvironmentInput): Record<string, string> {
  const { config, bucket, address } = input
  // OSS calls a server by its address, whatever its domain; a load balancer answers for its domain alone.
  const callbackHost = config.instances ? pageHost(config, address) : address
  return {
    CREDENTIALS: config.credentials,
    OSS_BUCKET: bucket,
    OSS_REGION: config.region,
    UPLOAD_HOST: config.uploadHost ?? `https://${bucket}.oss-${config.region}.aliyuncs.com`,
    UPLOAD_DIR: config.uploadDir,
    ...sizes(config),
    ALLOWED_TYPES: config.allowedTypes.join(','),
    EXPIRES_SECONDS: String(config.expiresSeconds),
    SIGNATURE_VERSION: config.signatureVersion,
    NAMING: config.naming,
    ...(config.generalForm && { GENERAL_FORM: 'on' }),
    CORS_ORIGINS: config.corsOrigins.join(','),
    SIGNATURES_PER_MINUTE: String(config.signaturesPerMinute),
    ...(config.filesPerHour !== undefined && { FILES_PER_HOUR: String(config.filesPerHour) }),
    ...(config.bytesPerHour !== undefined && { BYTES_PER_HOUR: String(config.bytesPerHour) }),
    ...(config.checkUploads && { CHECK_UPLOADS: 'on' }),
    ...(config.callback && { CALLBACK_URL: `http://${callbackHost}/callback` }),
    ...(config.instances && { TRUSTED_PROXIES: '1' }),
    ...(config.https && {
      HTTPS_NAME: pageHost(config, address),
      CERTIFICATE_DIR: STATE_DIRECTORY,
      ...(config.acmeDirectory && { ACME_DIRECTORY: config.acmeDirectory }),
    }),
  }
}

// The server's own default for every file is the largest size of a form.
function sizes(config: StackConfig): Record<string, string> {
  const form = Math.min(config.maxSize ?? POST_LIMITS.objectBytes, POST_LIMITS.objectBytes)
  if (!config.largeFiles) return { MAX_SIZE: String(form) }
  const all = config.maxSize ?? DEFAULTS.multipartMaxSize
  return { MAX_SIZE: String(form), MULTIPART: 'on', MULTIPART_MAX_SIZE: String(all) }
}

/** The key that uploads are signed with. */
export interface SigningKey {
  accessKeyId: Output<string>
  accessKeySecret: Output<string>
}

/**
 * Returns the variables that are secret.
 *
 * @param tokenSecret Key of the tokens for callbacks and parts. It does not depend on the access key,
 *   whose rotation must not invalidate uploads in progress
 */
export function secretEnvironment(
  config: Pick<StackConfig, 'accessCode'>,
  tokenSecret: Output<string>,
  key: SigningKey | undefined,
): Record<string, Output<string>> {
  return {
    TOKEN_SECRET: tokenSecret,
    ...(key && { OSS_ACCESS_KEY_ID: key.accessKeyId, OSS_ACCESS_KEY_SECRET: key.accessKeySecret }),
    ...(config.accessCode && { ACCESS_CODE: config.accessCode }),
  }
}
