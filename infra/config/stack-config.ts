import { isRegion } from '@oss-direct-upload/signing'
import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import { type Architecture, architectureOf } from '../placement/architecture.ts'
import type { DiskCategory } from '../placement/disk-categories.ts'
import { contradictions } from './setting-rules.ts'
import type { FleetSize } from './setting-types.ts'
import { SECRET_SETTINGS, settings } from './settings.ts'

/** The settings of the stack, resolved; `settings.ts` describes each. */
export interface StackConfig {
  region: string
  /** Of the upload bucket. @default made of project, stack and account */
  bucketName?: string | undefined
  /** @default one that has the instance type in stock */
  zoneId?: string | undefined
  /** @default the cheapest that is in stock */
  instanceType?: string | undefined
  /** @default that of `instanceType`, else x86_64 */
  architecture: Architecture
  /** @default the cheapest that the instance type supports */
  systemDiskCategory?: DiskCategory | undefined
  /** A secret. @default no password login */
  password?: pulumi.Output<string> | undefined
  allowedCidrs: readonly string[]
  sshCidrs: readonly string[]
  /** Mbit/s. */
  bandwidth: number
  /** Whether a single server also serves the page over https. */
  https: boolean
  /** Host name of the page and its certificate. @default the address of the server */
  domain?: string | undefined
  /** URL of the ACME directory that issues the certificate. @default that of Let's Encrypt */
  acmeDirectory?: string | undefined
  /** Number of instances behind a load balancer. @default a single server without one */
  instances?: FleetSize | undefined
  /** Of the load balancer's certificate for `domain`. @default none, http only */
  certificateId?: string | undefined
  corsOrigins: readonly string[]
  allowedTypes: readonly string[]
  /** Bytes. @default the largest that OSS accepts, with `largeFiles` 100 GiB */
  maxSize?: number | undefined
  /** Whether large files are uploaded in parts. */
  largeFiles: boolean
  /** Ends in a slash. */
  uploadDir: string
  expiresSeconds: number
  /** @default never */
  objectExpiryDays?: number | undefined
  /** A secret. @default everyone can upload */
  accessCode?: pulumi.Output<string> | undefined
  callback: boolean
  /** Whether the server requests every object that a callback reports. */
  checkUploads: boolean
  signatureVersion: 'v4' | 'v1'
  naming: 'unique' | 'keep'
  /** Whether forms without a name are signed. */
  generalForm: boolean
  credentials: 'access-key' | 'instance-role'
  /** An https origin. @default the bucket's endpoint */
  uploadHost?: string | undefined
  signaturesPerMinute: number
  /** @default no limit */
  filesPerHour?: number | undefined
  /** @default no limit */
  bytesPerHour?: number | undefined
  tags: Readonly<Record<string, string>>
  readyMinutes: number
}

/**
 * Returns the configuration of the stack that is being deployed, with `project` and `stack` among its
 * tags.
 *
 * @throws pulumi.RunError as `loadConfig` does
 */
export function stackConfig(): StackConfig {
  const prefix = `${pulumi.getProject()}:`
  const own = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value])
  // The engine's list of the keys whose values are encrypted.
  const encrypted = process.env.PULUMI_CONFIG_SECRET_KEYS
  const config = loadConfig({
    values: Object.fromEntries(own),
    region: alicloud.config.region,
    ...(encrypted === undefined
      ? {}
      : { encrypted: (JSON.parse(encrypted) as string[]).map((key) => key.replace(prefix, '')) }),
  })
  const tags = { project: pulumi.getProject(), stack: pulumi.getStack(), ...config.tags }
  return { ...config, tags }
}

export interface ConfigInput {
  /** The settings of the stack, each as the text that Pulumi passes. */
  values: Readonly<Record<string, string>>
  /** Of the provider. */
  region: string | undefined
  /** Keys of the settings that are encrypted. @default unknown */
  encrypted?: readonly string[]
}

/**
 * Validates the settings of a stack and resolves their defaults.
 *
 * @throws pulumi.RunError with a line for every setting that is invalid, never with its value
 */
export function loadConfig({ values, region, encrypted }: ConfigInput): StackConfig {
  const problems = [...regionProblems(region), ...unknownKeys(values)]
  const parsed = settings.safeParse(values)
  for (const { path, message } of parsed.error?.issues ?? []) {
    const start = `${String(path[0])} `
    if (!problems.some((line) => line.startsWith(start))) problems.push(start + message)
  }
  if (parsed.data) problems.push(...contradictions(parsed.data, region))
  problems.push(...unencryptedSecrets(values, encrypted))
  if (problems.length > 0 || !parsed.success || !region) {
    throw new pulumi.RunError(
      `The stack's configuration cannot be used:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    )
  }
  const { password, accessCode, maxSize, objectExpiryDays, filesPerHour, bytesPerHour, ...plain } =
    parsed.data
  return {
    ...plain,
    region,
    architecture: plain.architecture ?? architectureOf(plain.instanceType ?? ''),
    password: password === undefined ? undefined : pulumi.secret(password),
    accessCode: accessCode === undefined ? undefined : pulumi.secret(accessCode),
    maxSize: maxSize === 0 ? undefined : maxSize,
    objectExpiryDays: objectExpiryDays === 0 ? undefined : objectExpiryDays,
    filesPerHour: filesPerHour === 0 ? undefined : filesPerHour,
    bytesPerHour: bytesPerHour === 0 ? undefined : bytesPerHour,
  }
}

function regionProblems(region: string | undefined): string[] {
  return region && isRegion(region) ? [] : ['alicloud:region must be a region like ap-southeast-1']
}

function unknownKeys(values: Readonly<Record<string, string>>): string[] {
  const known = Object.keys(settings.shape)
  return Object.keys(values)
    .filter((key) => !known.includes(key))
    .map((key) => `${key} is no setting; there are ${known.join(', ')}`)
}

/** Returns a line for each secret that the stack's file contains in plain text. */
function unencryptedSecrets(
  values: Readonly<Record<string, string>>,
  encrypted: readonly string[] | undefined,
): string[] {
  return SECRET_SETTINGS.filter(
    (key) => encrypted !== undefined && values[key] && !encrypted.includes(key),
  ).map((key) => `${key} must be set as a secret: pulumi config set --secret ${key}`)
}
