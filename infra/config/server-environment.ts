import type { Output } from '@pulumi/pulumi'
import { DEFAULTS } from '../../app/contract/index.ts'
import { POST_LIMITS } from '../../app/signing/index.ts'
import type { StackConfig } from './stack-config.ts'

/** Where systemd lets the server keep what outlives a restart (StateDirectory=). */
const STATE_DIRECTORY = '/var/lib/oss-direct-upload'

export interface ServerEnvironmentInput {
  config: StackConfig
  /** Name of the upload bucket. */
  bucket: string
  /** Of the server, or of the load balancer in front, on the internet. */
  address: string
}

/**
 * The variables of the server's environment that the configuration decides and that are no secret;
 * those of every instance are set in its user data.
 */
export function serverEnvironment(input: ServerEnvironmentInput): Record<string, string> {
  const { config, bucket, address } = input
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
    CORS_ORIGINS: config.corsOrigins.join(','),
    SIGNATURES_PER_MINUTE: String(config.signaturesPerMinute),
    ...(config.callback ? { CALLBACK_URL: `http://${address}/callback` } : {}),
    ...(config.instances && { TRUSTED_PROXIES: '1' }),
    ...(config.https && {
      HTTPS_NAME: config.domain ?? address,
      CERTIFICATE_DIR: STATE_DIRECTORY,
      ...(config.acmeDirectory && { ACME_DIRECTORY: config.acmeDirectory }),
    }),
  }
}

// Left to itself, the server takes the largest size of a form for that of every file.
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
 * The variables that are secret.
 *
 * @param tokenSecret Key of the tokens for callbacks and parts, whatever uploads are signed with: a
 *   new access key, or none, must not invalidate what is under way
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
