import type { Caller } from '../action.ts'
import type { RamDirectory } from '../ram/ram-directory.ts'
import type { RoleSessions } from './role-sessions.ts'

/** A key, and the caller that signs with it. */
export interface Credential {
  accessKeyId: string
  accessKeySecret: string
  active: boolean
  /** Of temporary credentials. */
  securityToken?: string
  /** Of temporary credentials, milliseconds since 1970. */
  expiration?: number
  caller: Caller
}

/** Finds keys of the account, its users and sessions of its roles. */
export class Credentials {
  readonly #directory: RamDirectory
  readonly #sessions: RoleSessions

  constructor(directory: RamDirectory, sessions: RoleSessions) {
    this.#directory = directory
    this.#sessions = sessions
  }

  /** @param now Milliseconds since 1970 */
  find(accessKeyId: string, now: number): Credential | undefined {
    return this.#permanent(accessKeyId, now) ?? this.#temporary(accessKeyId, now)
  }

  #permanent(accessKeyId: string, now: number): Credential | undefined {
    const found = this.#directory.findKey(accessKeyId, now)
    if (!found) return undefined
    const { key, user } = found
    const { accountId } = this.#directory
    const root: Caller = {
      kind: 'account',
      name: 'root',
      arn: `acs:ram::${accountId}:root`,
      principalId: accountId,
      accessKeyId,
    }
    return {
      accessKeyId,
      accessKeySecret: key.accessKeySecret,
      active: key.status === 'Active',
      caller: user
        ? {
            kind: 'user',
            name: `user/${user.userName}`,
            arn: `acs:ram::${accountId}:user/${user.userName}`,
            principalId: user.userId,
            accessKeyId,
            policies: this.#directory.effectivePolicies(user.attachments, now),
          }
        : root,
    }
  }

  #temporary(accessKeyId: string, now: number): Credential | undefined {
    const session = this.#sessions.find(accessKeyId)
    if (!session) return undefined
    const { accessKeySecret, securityToken, expiration } = session
    const name = `${session.roleName}/${session.sessionName}`
    return {
      accessKeyId,
      accessKeySecret,
      securityToken,
      expiration,
      active: true,
      caller: {
        kind: 'role',
        name: `role/${name}`,
        arn: `acs:ram::${this.#directory.accountId}:assumed-role/${name.toLowerCase()}`,
        principalId: `${session.roleId}:${session.sessionName}`,
        accessKeyId,
        policies: this.#sessions.policies(session, this.#directory, now),
      },
    }
  }
}
