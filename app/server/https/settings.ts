import type { CertificateBucketOptions } from './store/bucket-store.ts'

/** What turns https on. */
export interface HttpsSettings {
  /** IPv4 address or host name that the certificate is for. */
  name: string
  port: number
  /** Address of the certificate authority's directory. */
  directory: string
  /** Undefined leaves the choice to the authority. */
  profile: string | undefined
  /** Keeps account and certificate across restarts. */
  folder: string
  /** Keeps them across machines. */
  bucket?: CertificateBucketOptions
}
