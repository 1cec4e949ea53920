import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import type { z } from 'zod'
import { isRegion, POST_LIMITS } from '../../app/signing/index.ts'
import { type Architecture, architectureOf } from '../placement/architecture.ts'
import type { DiskCategory } from '../placement/disk-categories.ts'
import { fleetProblems } from './fleet-rules.ts'
import type { FleetSize } from './schema.ts'
import { SECRET_SETTINGS, settings } from './settings.ts'

/** What the stack is asked to be; Pulumi.yaml describes each setting. */
export interface StackConfig {
  region: string
  /** Of the upload bucket. @default one that names project, stack and account */
  bucketName?: string | undefined
  /** @default one that has the instance type on sale */
  zoneId?: string | undefined
  /** @default the cheapest that is in stock */
  instanceType?: string | undefined
  /** @default that of `instanceType`, else x86_64 */
  architecture: Architecture
  /** @default the cheapest that the instance type takes */
  systemDiskCategory?: DiskCategory | undefined
  /** A secret. @default nobody logs in with one */
  password?: pulumi.Output<string> | undefined
  allowedCidrs: readonly string[]
  sshCidrs: readonly string[]
  /** Mbit/s. */
  bandwidth: number
  /** Whether the page comes by https, too. */
  https: boolean
  /** Host name that its certificate is for. @default the address of the server */
  domain?: string | undefined
  /** ACME directory that its certificate is from, an https URL. @default that of Let's Encrypt */
  acmeDirectory?: string | undefined
  /** How many instances stand behind a load balancer. @default a single one without */
  instances?: FleetSize | undefined
  /** Of the certificate that the load balancer shows for `domain`. @default the page comes by http */
  certificateId?: string | undefined
  corsOrigins: readonly string[]
  allowedTypes: readonly string[]
  /** Bytes. @default as many as go */
  maxSize?: number | undefined
  /** Whether files that one form cannot take are uploaded in parts. */
  largeFiles: boolean
  /** Ends in a slash. */
  uploadDir: string
  expiresSeconds: number
  /** @default objects are kept */
  objectExpiryDays?: number | undefined
  /** A secret. @default everyone may upload */
  accessCode?: pulumi.Output<string> | undefined
  callback: boolean
  signatureVersion: 'v4' | 'v1'
  naming: 'unique' | 'keep'
  credentials: 'access-key' | 'instance-role'
  /** An https origin. @default the bucket's endpoint */
  uploadHost?: string | undefined
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
  // How the engine tells which values it keeps encrypted.
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
  /** The settings of the stack, each the text that Pulumi holds. */
  values: Readonly<Record<string, string>>
  /** Of the provider. */
  region: string | undefined
  /** Settings that Pulumi keeps encrypted. @default unknown */
  encrypted?: readonly string[]
}

/**
 * Reads the settings of a stack.
 *
 * @throws pulumi.RunError with a line for everything that cannot be used, and never its value
 */
export function loadConfig({ values, region, encrypted }: ConfigInput): StackConfig {
  const problems = [...regionProblems(region), ...unknownKeys(values)]
  const parsed = settings.safeParse(values)
  for (const { path, message } of parsed.error?.issues ?? []) {
    const start = `${String(path[0])} `
    if (!problems.some((line) => line.startsWith(start))) problems.push(start + message)
  }
  if (parsed.data) problems.push(...contradictions(parsed.data, region))
  problems.push(...inTheClear(values, encrypted))
  if (problems.length > 0 || !parsed.success || !region) {
    throw new pulumi.RunError(
      `The stack's configuration cannot be used:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    )
  }
  const { password, accessCode, maxSize, objectExpiryDays, ...plain } = parsed.data
  return {
    ...plain,
    region,
    architecture: plain.architecture ?? architectureOf(plain.instanceType ?? ''),
    password: password === undefined ? undefined : pulumi.secret(password),
    accessCode: accessCode === undefined ? undefined : pulumi.secret(accessCode),
    maxSize: maxSize === 0 ? undefined : maxSize,
    objectExpiryDays: objectExpiryDays === 0 ? undefined : objectExpiryDays,
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

function contradictions(settled: z.infer<typeof settings>, region: string | undefined): string[] {
  const { zoneId, instanceType, architecture, maxSize, largeFiles } = settled
  const problems: string[] = []
  if (zoneId !== undefined && region && !zoneId.startsWith(region)) {
    problems.push('zoneId must be a zone of alicloud:region')
  }
  if (instanceType !== undefined && architecture && architectureOf(instanceType) !== architecture) {
    problems.push('architecture must be that of instanceType, or be left out')
  }
  problems.push(...(settled.instances ? fleetProblems(settled) : singleProblems(settled)))
  if (!largeFiles && maxSize > POST_LIMITS.objectBytes) {
    problems.push(`maxSize must be at most ${POST_LIMITS.objectBytes} unless largeFiles is true`)
  }
  return problems
}

function singleProblems(settled: z.infer<typeof settings>): string[] {
  const { https, domain, acmeDirectory, allowedCidrs, certificateId } = settled
  const certificate =
    certificateId === undefined
      ? []
      : ['certificateId needs instances: a single server gets its certificate with https']
  if (!https) {
    return [
      ...certificate,
      ...(domain === undefined ? [] : ['domain needs https to be true']),
      ...(acmeDirectory === undefined ? [] : ['acmeDirectory needs https to be true']),
    ]
  }
  return allowedCidrs.includes('0.0.0.0/0')
    ? certificate
    : [
        ...certificate,
        'allowedCidrs must have 0.0.0.0/0 with https: the certificate authority comes to port 80 ' +
          'from addresses that it does not publish. An accessCode keeps strangers from uploading',
      ]
}

/** Secrets that would be kept in the stack's file as they are. */
function inTheClear(
  values: Readonly<Record<string, string>>,
  encrypted: readonly string[] | undefined,
): string[] {
  return SECRET_SETTINGS.filter(
    (key) => encrypted !== undefined && values[key] && !encrypted.includes(key),
  ).map((key) => `${key} must be set as a secret: pulumi config set --secret ${key}`)
}
