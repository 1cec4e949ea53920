import { randomBytes, randomInt } from 'node:crypto'
import type { PolicyStatement, RamPolicy } from '@oss-direct-upload/embedded-oss'
import type { OidcProvider } from '../sts/oidc-provider.ts'
import type { Attachment, ManagedPolicy, RamRole, RamUser, UserAccessKey } from './entities.ts'
import { SYSTEM_POLICIES } from './system-policies.ts'
import { trustsService } from './trust-policy.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export interface RamDirectoryOptions {
  accountId: string
  /** Milliseconds until other services know of a key, a role or an attachment. */
  propagationMs: number
  /** Milliseconds until RAM's own calls on a new user find it. @default 0 */
  userLagMs?: number
}

/**
 * Users, keys, policies and roles of one account. RAM itself sees changes at once; other
 * services see additions after a delay, and removals at once.
 */
export class RamDirectory {
  readonly accountId: string
  readonly propagationMs: number
  readonly userLagMs: number
  readonly users = new Map<string, RamUser>()
  readonly roles = new Map<string, RamRole>()
  /** Services that have their service-linked role; a new account has none. */
  readonly serviceLinkedRoles = new Set<string>()
  /** By name. */
  readonly oidcProviders = new Map<string, OidcProvider>()
  readonly customPolicies = new Map<string, ManagedPolicy>()
  readonly systemPolicies: ReadonlyMap<string, ManagedPolicy>
  /** Keys of the account itself. */
  readonly rootKeys: UserAccessKey[] = []

  constructor({ accountId, propagationMs, userLagMs = 0 }: RamDirectoryOptions) {
    this.accountId = accountId
    this.propagationMs = propagationMs
    this.userLagMs = userLagMs
    this.systemPolicies = new Map(
      Object.entries(SYSTEM_POLICIES).map(([name, statements]) => [
        name,
        systemPolicy(name, statements),
      ]),
    )
  }

  findPolicy(type: string, name: string): ManagedPolicy | undefined {
    return (type === 'System' ? this.systemPolicies : this.customPolicies).get(name)
  }

  /** Returns the users and roles that have a policy. */
  holders(policy: ManagedPolicy): { users: RamUser[]; roles: RamRole[] } {
    const has = ({ attachments }: RamUser | RamRole): boolean =>
      attachments.some(
        ({ policyName, policyType }) =>
          policyName === policy.policyName && policyType === policy.policyType,
      )
    return {
      users: [...this.users.values()].filter(has),
      roles: [...this.roles.values()].filter(has),
    }
  }

  /** Returns the policies of attachments, as other services see them. */
  effectivePolicies(attachments: readonly Attachment[], now: number): RamPolicy[] {
    return attachments
      .filter(({ since }) => this.isKnown(since, now))
      .map(({ policyType, policyName }) => this.findPolicy(policyType, policyName))
      .flatMap(
        (policy) =>
          policy?.defaults.findLast(({ since }) => this.isKnown(since, now))?.version.policy ?? [],
      )
  }

  /** Finds a key of the account or of a user, as other services see it. */
  findKey(
    accessKeyId: string,
    now: number,
  ): { key: UserAccessKey; user: RamUser | undefined } | undefined {
    const mine = ({ accessKeyId: id, since }: UserAccessKey): boolean =>
      id === accessKeyId && this.isKnown(since, now)
    const ofRoot = this.rootKeys.find(mine)
    if (ofRoot) return { key: ofRoot, user: undefined }
    for (const user of this.users.values()) {
      const key = user.keys.find(mine)
      if (key) return { key, user }
    }
    return undefined
  }

  /** Finds a role, as other services see it. */
  findRole(roleName: string, now: number): RamRole | undefined {
    const role = this.roles.get(roleName)
    return role && this.isKnown(role.created, now) ? role : undefined
  }

  /** Returns whether a role exists and trusts ECS. */
  trustsEcs(roleName: string, now: number): boolean {
    const role = this.findRole(roleName, now)
    return role !== undefined && trustsService(role.trust, 'ecs.aliyuncs.com')
  }

  isKnown(since: number, now: number): boolean {
    return now >= since + this.propagationMs
  }
}

/** Returns a new access key pair. */
export function newAccessKey(now: number): UserAccessKey {
  return {
    accessKeyId: `LTAI5t${randomText(18)}`,
    accessKeySecret: randomText(30),
    status: 'Active',
    since: now,
  }
}

/** Returns random letters and digits. */
export function randomText(length: number): string {
  return [...randomBytes(length)].map((byte) => LETTERS[byte % LETTERS.length]).join('')
}

/** Returns a new id of a user or role: 18 digits. */
export function newEntityId(leading: '2' | '3'): string {
  const digits = Array.from({ length: 17 }, () => randomInt(10))
  return leading + digits.join('')
}

function systemPolicy(policyName: string, statements: readonly PolicyStatement[]): ManagedPolicy {
  const policy: RamPolicy = { Version: '1', Statement: statements }
  const version = { versionId: 'v1', document: JSON.stringify(policy), policy, created: 0 }
  return {
    policyName,
    policyType: 'System',
    description: '',
    versions: [version],
    defaults: [{ version, since: 0 }],
    lastVersion: 1,
    created: 0,
    updated: 0,
    tags: new Map(),
    permanent: true,
  }
}
