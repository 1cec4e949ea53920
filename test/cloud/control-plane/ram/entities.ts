import type { RamPolicy } from '@oss-direct-upload/embedded-oss'
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
  /** Whether it is part of the account from the start. */
  permanent: boolean
}

export interface PolicyVersion {
  versionId: string
  /** As sent. */
  document: string
  policy: RamPolicy
  created: number
}

export interface ManagedPolicy {
  policyName: string
  policyType: 'Custom' | 'System'
  description: string
  versions: PolicyVersion[]
  /** The default versions with their start; the last one is current. */
  defaults: { version: PolicyVersion; since: number }[]
  /** The number of the newest version; numbers are not reused. */
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
  /** As sent. */
  trustDocument: string
  trust: TrustPolicy
  /** Seconds. */
  maxSessionDuration: number
  created: number
  updated: number
  tags: Map<string, string>
  attachments: Attachment[]
}
