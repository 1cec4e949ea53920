import { isIP } from 'node:net'
import {
  DEFAULTS,
  isSendableAccessCode,
  isTypeEntry,
  mistakenTypeProblem,
  ORIGIN_PATTERN_RULE,
  originPattern,
  uploadHostProblem,
} from '@oss-direct-upload/contract'
import { UsageError } from '@oss-direct-upload/process/usage-error'
import {
  BUCKET_NAME_RULE,
  isBucketName,
  isRegion,
  MULTIPART_LIMITS,
  POST_LIMITS,
  REGION_RULE,
} from '@oss-direct-upload/signing'
import { z } from 'zod'
import { CALLBACK_URL_RULE, isCallbackUrl, securedCallbackUrl } from './callback/url.ts'
import type { AppOptions } from './create-app.ts'
import { InstanceRoleCredentials } from './credentials/instance-role.ts'
import {
  certificateNameProblem,
  type HttpsSettings,
  httpsContradictions,
  httpsOrigin,
  httpsSettings,
} from './https/index.ts'
import type { MultipartOptions } from './multipart/options.ts'
import { isUploadDir, UPLOAD_DIR_RULE } from './upload/upload-dir.ts'

/** Thrown when the environment cannot be used; the message has a line for every bad variable. */
export class ConfigError extends UsageError {
  constructor(problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((line) => `  ${line}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

const required = z.string('must be set').min(1, 'must be set')
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  )
const wholeText = (min: number, max: number) =>
  z
    .string()
    .refine(
      (value) => /^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max,
      `must be a whole number from ${min} to ${max}`,
    )
const whole = (min: number, max: number, fallback: number) =>
  wholeText(min, max).default(String(fallback)).transform(Number)
const optionalWhole = (min: number, max: number) => wholeText(min, max).transform(Number).optional()
const origin = z.string().refine((text) => {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, '')
}, 'must be an origin like https://host, without a path')

const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory'

const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

const bucketName = required.refine(isBucketName, BUCKET_NAME_RULE)
const httpsName = z
  .string()
  .superRefine((name, context) => {
    const message = certificateNameProblem(name)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })
  .optional()

const key = {
  CREDENTIALS: z
    .literal('access-key', 'must be access-key or instance-role')
    .default('access-key')
    .describe('What signs: an `access-key`, or the `instance-role` of the ECS instance.'),
  OSS_ACCESS_KEY_ID: required.describe(
    'Id of the access key that signs. Not used with `CREDENTIALS=instance-role`.',
  ),
  OSS_ACCESS_KEY_SECRET: required.describe(
    'Secret of that access key. Not used with `CREDENTIALS=instance-role`.',
  ),
  OSS_SECURITY_TOKEN: z
    .string()
    .min(1, 'must not be empty')
    .optional()
    .describe('Security token, if the access key is temporary.'),
}
const role = { CREDENTIALS: z.literal('instance-role') }
const settings = {
  INSTANCE_ROLE: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be the name of a RAM role')
    .optional()
    .describe("Name of the instance's RAM role. Unset: the role attached to the instance."),
  OSS_BUCKET: bucketName.describe('Name of the upload bucket.'),
  OSS_REGION: required
    .refine(isRegion, REGION_RULE)
    .describe('Region of the bucket, without `oss-`, like `ap-southeast-1`.'),
  UPLOAD_HOST: origin
    .optional()
    .describe(
      "Origin that forms are posted to, for a custom domain. Unset: the bucket's endpoint.",
    ),
  UPLOAD_DIR: z
    .string()
    .default(DEFAULTS.uploadDir)
    .refine(isUploadDir, UPLOAD_DIR_RULE)
    .describe('Key prefix of uploaded objects, ending in a slash.'),
  MAX_SIZE: whole(0, POST_LIMITS.objectBytes, POST_LIMITS.objectBytes).describe(
    'Maximum size of a file in bytes.',
  ),
  ALLOWED_TYPES: list
    .refine(
      (entries) => entries.every(isTypeEntry),
      'must list extensions (.jpg) or MIME types (image/*), with commas between',
    )
    .superRefine((entries, context) => {
      const message = mistakenTypeProblem(entries)
      if (message !== undefined) context.addIssue({ code: 'custom', message })
    })
    .describe(
      'Allowed extensions and MIME types, separated by commas, like `.jpg,image/*`. Unset: all types.',
    ),
  EXPIRES_SECONDS: whole(1, POST_LIMITS.expirySeconds, DEFAULTS.expiresSeconds).describe(
    'Lifetime of a signature in seconds, 1 to 604800.',
  ),
  SIGNATURE_VERSION: z
    .enum(['v4', 'v1'], 'must be v4 or v1')
    .default('v4')
    .describe('Signature version, `v4` or `v1`.'),
  NAMING: z
    .enum(['unique', 'keep'], 'must be unique or keep')
    .default('unique')
    .describe(
      'How keys are named: `unique` puts a random folder before the file name, `keep` uses the file name as it is.',
    ),
  GENERAL_FORM: z
    .enum(['off', 'on'], 'must be off or on')
    .default('off')
    .describe(
      'Whether `GET /signature` without a name is answered, for clients of the official samples: a form for any number of files of any type, under a random prefix. Not with `ALLOWED_TYPES`, `CALLBACK_URL`, `FILES_PER_HOUR` and `BYTES_PER_HOUR`.',
    ),
  ACCESS_CODE: z
    .string()
    .min(8, 'must have at least 8 characters')
    .refine(isSendableAccessCode, 'must be printable ASCII without spaces at its ends')
    .optional()
    .describe(
      'Access code that every signature request must carry, at least 8 characters. Unset: none.',
    ),
  CORS_ORIGINS: list
    .refine(
      (entries) => entries.every((entry) => originPattern(entry) !== undefined),
      ORIGIN_PATTERN_RULE,
    )
    .transform((entries) => entries.flatMap((entry) => originPattern(entry) ?? []))
    .describe(
      'Origins of pages on other sites that may request signatures, separated by commas, each with at most one `*` (`https://*.example.com`), or `*`. Unset: none.',
    ),
  CALLBACK_URL: z
    .string()
    .refine(isCallbackUrl, CALLBACK_URL_RULE)
    .optional()
    .describe('URL that OSS calls after it has stored an object. Unset: no callbacks.'),
  CHECK_UPLOADS: z
    .enum(['off', 'on'], 'must be off or on')
    .default('off')
    .describe(
      'Whether every callback is checked against the object with a HEAD request to the internal endpoint. Needs `CALLBACK_URL` and the permission `oss:GetObject`.',
    ),
  MULTIPART: z
    .enum(['off', 'on'], 'must be off or on')
    .default('off')
    .describe('`on` uploads large files in parts.'),
  MULTIPART_THRESHOLD: whole(1, POST_LIMITS.objectBytes, DEFAULTS.multipartThreshold).describe(
    'Size in bytes from which a file is uploaded in parts.',
  ),
  MULTIPART_MAX_SIZE: whole(0, MULTIPART_LIMITS.objectBytes, DEFAULTS.multipartMaxSize).describe(
    'Maximum size in bytes of a file uploaded in parts. Unset while `MAX_SIZE` is set: the value of `MAX_SIZE`.',
  ),
  PART_SIZE: whole(
    MULTIPART_LIMITS.smallestPart,
    MULTIPART_LIMITS.largestPart,
    DEFAULTS.partSize,
  ).describe(
    'Size of a part in bytes. Larger, and the same for every file, if `MULTIPART_MAX_SIZE` would need more than 10,000 parts.',
  ),
  TOKEN_SECRET: z
    .string()
    .min(16, 'must have at least 16 characters')
    .optional()
    .describe(
      'Key of upload and callback tokens, at least 16 characters; the same on all instances. Unset: derived from the access key.',
    ),
  SIGNATURES_PER_MINUTE: whole(1, 1_000_000, DEFAULTS.signaturesPerMinute).describe(
    'Maximum number of files signed per minute for one client address; as many may come at once.',
  ),
  FILES_PER_HOUR: optionalWhole(1, 1_000_000_000).describe(
    'Maximum number of files signed per hour for one client address. Unset: no limit.',
  ),
  BYTES_PER_HOUR: optionalWhole(1, 1e15 - 1).describe(
    'Maximum number of bytes signed per hour for one client address. Unset: no limit.',
  ),
  TRUSTED_PROXIES: whole(0, 16, 0).describe(
    'Number of proxies in front of the server, whose `X-Forwarded-For` entries are trusted.',
  ),
  METRICS: z
    .enum(['off', 'loopback', 'open'], 'must be off, loopback or open')
    .default('loopback')
    .describe(
      'Who can read `GET /metrics`: nobody (`off`), this machine (`loopback`) or everyone (`open`).',
    ),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)
    .default('info')
    .describe('Log level of pino: `silent`, `fatal`, `error`, `warn`, `info`, `debug` or `trace`.'),
  PORT: whole(0, 65_535, 3000).describe('Port to listen on.'),
  HOST: z
    .string()
    .refine((text) => isIP(text) !== 0, 'must be an IP address of this machine')
    .optional()
    .describe('IP address to listen on. Unset: all addresses.'),
  HTTPS_NAME: httpsName.describe(
    'IPv4 address or host name of the certificate; turns HTTPS on. Unset: HTTP only.',
  ),
  HTTPS_PORT: whole(0, 65_535, 443).describe('Port of HTTPS.'),
  ACME_DIRECTORY: z
    .string()
    .default(LETS_ENCRYPT)
    .refine((text) => URL.parse(text)?.protocol === 'https:', 'must be an https URL')
    .describe('Directory URL of the certificate authority.'),
  ACME_PROFILE: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be the name of a profile, or none')
    .default('shortlived')
    .describe('Certificate profile requested from the authority, or `none`.'),
  CERTIFICATE_DIR: z
    .string()
    .min(1, 'must not be empty')
    .optional()
    .describe(
      'Folder that stores account key and certificate across restarts. Required with `HTTPS_NAME`.',
    ),
  CERTIFICATE_BUCKET: bucketName
    .optional()
    .describe('Private bucket that stores them across machines. Unset: none.'),
  CLIENT_DIR: z
    .string()
    .min(1, 'must not be empty')
    .optional()
    .describe('Folder of the built page. Unset: the page is built at start.'),
  RELEASE: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must have 1 to 64 letters, digits and . _ -')
    .optional()
    .describe('Release name that `GET /healthz` reports. Unset: none.'),
}
/** Every variable of the environment that the server reads. */
export const variables = z.object({ ...key, ...settings })
const withRole = z.object({ ...role, ...settings })

/** Options of the application, and where it listens. */
export interface ServerConfig {
  app: Omit<AppOptions, 'https'>
  /** Level of pino. */
  logLevel: (typeof LOG_LEVELS)[number]
  port: number
  host?: string
  /** Credentials that `app` signs with unless it signs with a key. Call `start`. */
  instanceRole?: InstanceRoleCredentials
  /** Absent for http only. */
  https?: HttpsSettings
}

/**
 * Parses the environment; docs/server.md has the table of variables and their defaults.
 *
 * @throws ConfigError that names every variable that cannot be used, but no value
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): ServerConfig {
  const schema = env.CREDENTIALS === 'instance-role' ? withRole : variables
  const parsed = schema.safeParse(env)
  if (!parsed.success) {
    const problems = new Map<string, string>()
    for (const { path, message } of parsed.error.issues) {
      const name = String(path[0])
      if (!problems.has(name)) problems.set(name, `${name} ${message}`)
    }
    throw new ConfigError([...problems.values()])
  }
  const v = parsed.data
  const contradictions = [...httpsContradictions(v, env), ...formContradictions(v)]
  if (contradictions.length > 0) throw new ConfigError(contradictions)
  const { credentials, ...signer } =
    v.CREDENTIALS === 'instance-role' ? roleSigner(v) : keySigner(v)
  return {
    port: v.PORT,
    logLevel: v.LOG_LEVEL,
    ...(v.HOST === undefined ? {} : { host: v.HOST }),
    ...signer,
    ...(v.HTTPS_NAME === undefined ? {} : { https: httpsSettings(v, v.HTTPS_NAME, signer) }),
    app: {
      signing: {
        credentials,
        bucket: v.OSS_BUCKET,
        region: v.OSS_REGION,
        uploadHost: v.UPLOAD_HOST ?? `https://${v.OSS_BUCKET}.oss-${v.OSS_REGION}.aliyuncs.com`,
        dir: v.UPLOAD_DIR,
        maxSize: v.MAX_SIZE,
        allowedTypes: v.ALLOWED_TYPES,
        expiresInSeconds: v.EXPIRES_SECONDS,
        version: v.SIGNATURE_VERSION,
        naming: v.NAMING,
        generalForm: v.GENERAL_FORM === 'on',
        ...(v.CHECK_UPLOADS === 'on' && { checkUploads: true }),
        ...(v.FILES_PER_HOUR !== undefined && { filesPerHour: v.FILES_PER_HOUR }),
        ...(v.BYTES_PER_HOUR !== undefined && { bytesPerHour: v.BYTES_PER_HOUR }),
        ...(v.CALLBACK_URL === undefined ? {} : { callbackUrl: callbackUrl(v, v.CALLBACK_URL) }),
        ...(v.TOKEN_SECRET === undefined ? {} : { tokenSecret: v.TOKEN_SECRET }),
        ...(v.MULTIPART === 'off' ? {} : { multipart: multipart(v, env) }),
        ...(v.ACCESS_CODE === undefined ? {} : { accessCode: v.ACCESS_CODE }),
      },
      ...(v.RELEASE === undefined ? {} : { release: v.RELEASE }),
      ...(v.CLIENT_DIR === undefined ? {} : { clientDir: v.CLIENT_DIR }),
      corsOrigins: v.CORS_ORIGINS,
      signaturesPerMinute: v.SIGNATURES_PER_MINUTE,
      trustedProxies: v.TRUSTED_PROXIES,
      metrics: v.METRICS,
    },
  }
}

type Variables = z.infer<typeof variables | typeof withRole>
type Signer = Pick<AppOptions['signing'], 'credentials'> & Pick<ServerConfig, 'instanceRole'>

function formContradictions(v: Variables): string[] {
  const isGeneral = v.GENERAL_FORM === 'on'
  const others = {
    ALLOWED_TYPES: v.ALLOWED_TYPES.length > 0,
    CALLBACK_URL: v.CALLBACK_URL !== undefined,
    FILES_PER_HOUR: v.FILES_PER_HOUR !== undefined,
    BYTES_PER_HOUR: v.BYTES_PER_HOUR !== undefined,
  }
  return [
    ...Object.entries(others)
      .filter(([, isSet]) => isGeneral && isSet)
      .map(
        ([name]) => `GENERAL_FORM must be off with ${name}, which the form of any file gets around`,
      ),
    ...hostContradictions(v),
    ...(v.CHECK_UPLOADS === 'on' && v.CALLBACK_URL === undefined
      ? ['CHECK_UPLOADS needs CALLBACK_URL']
      : []),
  ]
}

function hostContradictions(v: Variables): string[] {
  if (v.UPLOAD_HOST === undefined) return []
  const problem = uploadHostProblem(v.UPLOAD_HOST, v.OSS_REGION, v.OSS_BUCKET)
  return problem === undefined ? [] : [`UPLOAD_HOST ${problem}`]
}

// MAX_SIZE applies to every file unless MULTIPART_MAX_SIZE is set, too.
function multipart(
  v: Variables,
  env: Readonly<Record<string, string | undefined>>,
): MultipartOptions {
  const usesMaxSize = env.MAX_SIZE !== undefined && env.MULTIPART_MAX_SIZE === undefined
  return {
    threshold: v.MULTIPART_THRESHOLD,
    maxSize: usesMaxSize ? v.MAX_SIZE : v.MULTIPART_MAX_SIZE,
    partSize: v.PART_SIZE,
  }
}

function keySigner(v: z.infer<typeof variables>): Signer {
  const { OSS_ACCESS_KEY_ID: accessKeyId, OSS_ACCESS_KEY_SECRET: accessKeySecret } = v
  const token = v.OSS_SECURITY_TOKEN === undefined ? {} : { securityToken: v.OSS_SECURITY_TOKEN }
  return { credentials: { accessKeyId, accessKeySecret, ...token } }
}

function callbackUrl({ HTTPS_NAME: name, HTTPS_PORT: port }: Variables, given: string): string {
  return name === undefined ? given : securedCallbackUrl(given, httpsOrigin(name, port))
}

function roleSigner({ INSTANCE_ROLE: role }: z.infer<typeof withRole>): Signer {
  const instanceRole = new InstanceRoleCredentials(role === undefined ? {} : { role })
  return { instanceRole, credentials: () => instanceRole.get() }
}
