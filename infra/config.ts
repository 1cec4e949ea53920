import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import { type DiskCategory, settings } from './config/settings.ts'
import { architectureOf } from './placement.ts'
import type { Architecture } from './release.ts'

/** What the stack is asked to be; Pulumi.yaml describes each. */
export interface StackConfig {
  region: string
  /** Of the upload bucket. @default one that names project, stack and account */
  bucketName?: string
  /** @default one that has the instance type on sale */
  zoneId?: string
  /** @default the cheapest that is on sale */
  instanceType?: string
  /** @default that of `instanceType`, else x86_64 */
  architecture: Architecture
  /** @default the cheapest that the instance type takes */
  systemDiskCategory?: DiskCategory
  password?: pulumi.Output<string>
  allowedCidrs: readonly string[]
  sshCidrs: readonly string[]
  /** Mbit/s. */
  bandwidth: number
  corsOrigins: readonly string[]
  allowedTypes: readonly string[]
  /** Bytes. */
  maxSize: number
  /** Ends in a slash. */
  uploadDir: string
  expiresSeconds: number
  /** @default objects are kept */
  objectExpiryDays?: number
  accessCode?: pulumi.Output<string>
  callback: boolean
  signatureVersion: 'v4' | 'v1'
  naming: 'unique' | 'keep'
  credentials: 'access-key' | 'instance-role'
  /** An https origin. @default the bucket's endpoint */
  uploadHost?: string
  signaturesPerMinute: number
  tags: Readonly<Record<string, string>>
  readyMinutes: number
}

/**
 * The configuration of the stack that is being deployed; its tags name project and stack too.
 *
 * @throws pulumi.RunError as `loadConfig` does
 */
export function stackConfig(): StackConfig {
  const prefix = `${pulumi.getProject()}:`
  const own = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value])
  const config = loadConfig(Object.fromEntries(own), alicloud.config.region)
  const tags = { project: pulumi.getProject(), stack: pulumi.getStack(), ...config.tags }
  return { ...config, tags }
}

/**
 * Reads the settings of a stack, each the text that Pulumi holds.
 *
 * @param region Of the provider
 * @throws pulumi.RunError with a line for everything that cannot be used, and never its value
 */
export function loadConfig(
  values: Readonly<Record<string, string>>,
  region: string | undefined,
): StackConfig {
  const problems = [...regionProblems(region), ...unknownKeys(values)]
  const parsed = settings.safeParse(values)
  if (!parsed.success) {
    const named = new Map<string, string>()
    for (const { path, message } of parsed.error.issues) {
      const key = String(path[0])
      if (!named.has(key)) named.set(key, `${key} ${message}`)
    }
    problems.push(...named.values())
  } else {
    problems.push(...contradictions(parsed.data, region))
  }
  if (problems.length > 0 || !parsed.success || region === undefined) {
    throw new pulumi.RunError(
      `The stack's configuration cannot be used:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    )
  }
  const v = parsed.data
  const { bucketName, zoneId, instanceType, systemDiskCategory, uploadHost } = v
  return {
    region,
    ...defined({ bucketName, zoneId, instanceType, systemDiskCategory, uploadHost }),
    ...(v.password === undefined ? {} : { password: pulumi.secret(v.password) }),
    ...(v.accessCode === undefined ? {} : { accessCode: pulumi.secret(v.accessCode) }),
    ...(v.objectExpiryDays === 0 ? {} : { objectExpiryDays: v.objectExpiryDays }),
    architecture: v.architecture ?? architectureOf(instanceType ?? ''),
    allowedCidrs: v.allowedCidrs,
    sshCidrs: v.sshCidrs,
    bandwidth: v.bandwidth,
    corsOrigins: v.corsOrigins,
    allowedTypes: v.allowedTypes,
    maxSize: v.maxSize,
    uploadDir: v.uploadDir ?? 'upload/',
    expiresSeconds: v.expiresSeconds,
    callback: v.callback,
    signatureVersion: v.signatureVersion,
    naming: v.naming,
    credentials: v.credentials,
    signaturesPerMinute: v.signaturesPerMinute,
    tags: v.tags,
    readyMinutes: v.readyMinutes,
  }
}

function regionProblems(region: string | undefined): string[] {
  if (region === undefined || region === '') {
    return ['alicloud:region must be set, to a region like ap-southeast-1']
  }
  return /^[a-z]{2,}(-[a-z0-9]+)+$/.test(region) && !region.startsWith('oss-')
    ? []
    : ['alicloud:region must be a region like ap-southeast-1']
}

function unknownKeys(values: Readonly<Record<string, string>>): string[] {
  const known = Object.keys(settings.shape)
  return Object.keys(values)
    .filter((key) => !known.includes(key))
    .map((key) => `${key} is no setting; there are ${known.join(', ')}`)
}

function contradictions(
  {
    zoneId,
    instanceType,
    architecture,
  }: {
    zoneId?: string | undefined
    instanceType?: string | undefined
    architecture?: string | undefined
  },
  region: string | undefined,
): string[] {
  const problems: string[] = []
  if (zoneId !== undefined && region && !zoneId.startsWith(region)) {
    problems.push('zoneId must be a zone of alicloud:region')
  }
  if (instanceType !== undefined && architecture && architectureOf(instanceType) !== architecture) {
    problems.push('architecture must be that of instanceType, or be left out')
  }
  return problems
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
