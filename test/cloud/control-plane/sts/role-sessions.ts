import type { RamPolicy } from '@oss-direct-upload/embedded-oss'
import { type RamDirectory, randomText } from '../ram/ram-directory.ts'

/** Temporary credentials of a role. */
export interface RoleSession {
  accessKeyId: string
  accessKeySecret: string
  securityToken: string
  /** Milliseconds since 1970. */
  expiration: number
  roleId: string
  roleName: string
  sessionName: string
}

/** Sessions of roles, until they end. */
export class RoleSessions {
  readonly #sessions = new Map<string, RoleSession>()

  /** @param seconds How long the session lasts */
  begin(
    role: { roleId: string; roleName: string },
    sessionName: string,
    seconds: number,
    now: number,
  ): RoleSession {
    const session: RoleSession = {
      accessKeyId: `STS.N${randomText(24)}`,
      accessKeySecret: randomText(44),
      securityToken: `CAIS${randomText(400)}`,
      expiration: Math.floor(now / 1000) * 1000 + seconds * 1000,
      roleId: role.roleId,
      roleName: role.roleName,
      sessionName,
    }
    this.#sessions.set(session.accessKeyId, session)
    return session
  }

  /** Finds a session, also one that has expired. */
  find(accessKeyId: string): RoleSession | undefined {
    return this.#sessions.get(accessKeyId)
  }

  /** Returns the policies of a session: those of its role now. */
  policies(session: RoleSession, directory: RamDirectory, now: number): RamPolicy[] {
    const role = directory.roles.get(session.roleName)
    // A new role of the same name is another role.
    if (role?.roleId !== session.roleId) return []
    return directory.effectivePolicies(role.attachments, now)
  }
}
