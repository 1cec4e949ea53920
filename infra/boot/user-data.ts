import type { ReleaseManifest } from '../release.ts'

/** What an instance is told at its first start; nothing of it may be secret. */
export interface UserDataInput {
  /** E.g. `ap-southeast-1`. */
  region: string
  /** RAM role of the instance, which may read the release's objects. */
  roleName: string
  release: ReleaseManifest
  /** The server's environment, without secrets. */
  environment: Record<string, string>
}

/** The instance's user data: a cloud-config of less than 16 KiB. */
export function renderUserData(_input: UserDataInput): string {
  throw new Error('Not there yet')
}
