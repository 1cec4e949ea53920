import * as pulumi from '@pulumi/pulumi'
import type { ReleaseManifest } from '../release/manifest.ts'
import { renderUserData } from './user-data.ts'

/** What an instance runs. */
export interface InstanceArgs {
  /** E.g. `ap-southeast-1`. */
  region: pulumi.Input<string>
  /** The release that the instance downloads and runs. */
  manifest: pulumi.Input<ReleaseManifest>
  /** The server's environment, without secrets. */
  environment: pulumi.Input<Record<string, pulumi.Input<string>>>
}

/** Returns the user data of an instance with this role. @param sshd Whether its SSH server stays enabled */
export function instanceUserData(
  args: InstanceArgs,
  roleName: pulumi.Output<string>,
  sshd = false,
): pulumi.Output<string> {
  return pulumi
    .all([args.region, roleName, args.manifest, args.environment])
    .apply(([region, role, release, environment]) =>
      renderUserData({ region, roleName: role, release, environment, sshd }),
    )
}
