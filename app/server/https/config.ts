import { InstanceRoleCredentials } from '../credentials/instance-role.ts'
import type { BucketStoreOptions } from './store/index.ts'

/** Settings of https. */
export interface HttpsSettings {
  /** IPv4 address or host name of the certificate. */
  name: string
  port: number
  /** URL of the certificate authority's directory. */
  directory: string
  /** Undefined leaves the choice to the authority. */
  profile: string | undefined
  /** Stores account and certificate on this machine. */
  folder: string
  /** Stores them for other machines too. */
  bucket?: BucketStoreOptions
}

/** Environment variables of https, each validated by itself. */
export interface HttpsVariables {
  PORT: number
  OSS_REGION: string
  UPLOAD_HOST?: string | undefined
  INSTANCE_ROLE?: string | undefined
  HTTPS_NAME?: string | undefined
  HTTPS_PORT: number
  ACME_DIRECTORY: string
  ACME_PROFILE: string
  CERTIFICATE_DIR?: string | undefined
  CERTIFICATE_BUCKET?: string | undefined
}

const NEEDS_NAME = [
  'HTTPS_PORT',
  'ACME_DIRECTORY',
  'ACME_PROFILE',
  'CERTIFICATE_DIR',
  'CERTIFICATE_BUCKET',
] as const

/** Returns a sentence for each variable that is missing or contradicts another. */
export function httpsContradictions(
  v: HttpsVariables,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  if (v.HTTPS_NAME === undefined) {
    return NEEDS_NAME.filter((name) => env[name] !== undefined).map(
      (name) => `${name} needs HTTPS_NAME, which turns https on`,
    )
  }
  return [
    ...(v.CERTIFICATE_DIR === undefined
      ? ['CERTIFICATE_DIR must be set with HTTPS_NAME: a folder that keeps the certificate']
      : []),
    ...(v.HTTPS_PORT === v.PORT && v.PORT !== 0
      ? ['HTTPS_PORT must be another than PORT, which serves http']
      : []),
    ...(v.UPLOAD_HOST?.startsWith('http:')
      ? ['UPLOAD_HOST must be https with HTTPS_NAME: from there a browser sends nothing to http']
      : []),
  ]
}

/**
 * Returns the settings of https.
 *
 * @param name HTTPS_NAME
 * @param instanceRole Credentials that the server signs with, unless it signs with a key
 */
export function httpsSettings(
  v: HttpsVariables,
  name: string,
  { instanceRole }: { instanceRole?: InstanceRoleCredentials },
): HttpsSettings {
  // The bucket is written as the instance's role even where a key signs.
  const role =
    instanceRole ??
    new InstanceRoleCredentials(v.INSTANCE_ROLE === undefined ? {} : { role: v.INSTANCE_ROLE })
  const { CERTIFICATE_BUCKET: bucket, OSS_REGION: region } = v
  return {
    name,
    port: v.HTTPS_PORT,
    directory: v.ACME_DIRECTORY,
    profile: v.ACME_PROFILE === 'none' ? undefined : v.ACME_PROFILE,
    folder: v.CERTIFICATE_DIR ?? '',
    ...(bucket === undefined ? {} : { bucket: { bucket, region, credentials: () => role.get() } }),
  }
}
