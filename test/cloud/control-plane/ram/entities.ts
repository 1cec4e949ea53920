import type { RamPolicy } from '../../../../app/oss/index.ts'
import type { TrustPolicy } from './trust-policy.ts'

/** A policy that a user or role has. */
export interface Attachment {
  policyName: string
  policyType: 'Custom' | 'System'
  /** Milliseconds since 1970. */
  since: number
}

export interface UserAccessKey {
  accessKeyId: string
  accessKeySecret: string
  status: 'Active' | 'Inactive'
  /** Milliseconds since 1970. */
  since: number
}

export interface RamUser {
  /** 18 digits. */
  userId: string
  userName: string
  displayName: string
  mobilePhone: string
  email: string
  comments: string
  created: number
  updated: number
  keys: UserAccessKey[]
  attachments: Attachment[]
  /** It was there before the test began, and is to stay. */
  permanent: boolean
}

export interface PolicyVersion {
  versionId: string
  /** As it was sent. */
  document: string
  policy: RamPolicy
  created: number
}

export interface ManagedPolicy {
  policyName: string
  policyType: 'Custom' | 'System'
  description: string
  versions: PolicyVersion[]
  /** Which version was the default one since when; the last is the newest. */
  defaults: { version: PolicyVersion; since: number }[]
  /** The number of the last version; numbers are not given twice. */
  lastVersion: number
  created: number
  updated: number
  tags: Map<string, string>
  permanent: boolean
}

export interface RamRole {
  /** 18 digits. */
  roleId: string
  roleName: string
  description: string
  /** As it was sent. */
  trustDocument: string
  trust: TrustPolicy
  /** Seconds. */
  maxSessionDuration: number
  created: number
  updated: number
  tags: Map<string, string>
  attachments: Attachment[]
}
