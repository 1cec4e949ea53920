import type { Output } from '@pulumi/pulumi'
import type { StackConfig } from './config.ts'

export interface ServerEnvironmentInput {
  config: StackConfig
  /** Name of the upload bucket. */
  bucket: string
  /** Of the server on the internet: an IPv4 address. */
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
    MAX_SIZE: String(config.maxSize),
    ALLOWED_TYPES: config.allowedTypes.join(','),
    EXPIRES_SECONDS: String(config.expiresSeconds),
    SIGNATURE_VERSION: config.signatureVersion,
    NAMING: config.naming,
    CORS_ORIGINS: config.corsOrigins.join(','),
    SIGNATURES_PER_MINUTE: String(config.signaturesPerMinute),
    ...(config.callback ? { CALLBACK_URL: `http://${address}/callback` } : {}),
  }
}

/** The key that uploads are signed with. */
export interface SigningKey {
  accessKeyId: Output<string>
  accessKeySecret: Output<string>
}

/** The variables that are secret, as the release takes them: absent where nothing is. */
export function secretEnvironment(
  config: Pick<StackConfig, 'accessCode'>,
  key: SigningKey | undefined,
): { secretEnvironment?: Record<string, Output<string>> } {
  const variables = {
    ...(key && { OSS_ACCESS_KEY_ID: key.accessKeyId, OSS_ACCESS_KEY_SECRET: key.accessKeySecret }),
    ...(config.accessCode && { ACCESS_CODE: config.accessCode }),
  }
  return Object.keys(variables).length === 0 ? {} : { secretEnvironment: variables }
}
