import * as pulumi from '@pulumi/pulumi'
import { renderUserData } from '../boot/user-data.ts'
import type { FleetSize } from '../config/schema.ts'
import type { PinnedFleetProperty } from '../placement/pinned-properties.ts'
import { serverRole } from '../ram/server-role.ts'
import { urlWhenFleetReady } from '../readiness/fleet-readiness.ts'
import type { ReleaseManifest } from '../release/manifest.ts'
import { listeners, TRIAL_PORT } from './listeners.ts'
import { scalingGroup } from './scaling-group.ts'

export interface FleetArgs {
  /** E.g. `ap-southeast-1`. */
  region: pulumi.Input<string>
  size: FleetSize
  /** The release that the instances fetch and run. */
  manifest: pulumi.Input<ReleaseManifest>
  /** The servers' environment, without secrets. */
  environment: pulumi.Input<Record<string, pulumi.Input<string>>>
  loadBalancerId: pulumi.Input<string>
  /** Of the load balancer: a DNS name. */
  address: pulumi.Input<string>
  vpcId: pulumi.Input<string>
  vswitchIds: pulumi.Input<string>[]
  /** Lets the load balancer reach port 80, and nobody else. */
  securityGroupId: pulumi.Input<string>
  imageId: pulumi.Input<string>
  /** In this order: the next is taken where the one before cannot be had. */
  instanceTypes: string[]
  /** Of an instance: its server uses one, and more are added for that one's load. */
  cpus: number
  systemDiskCategory: pulumi.Input<string>
  /**
   * Keeps these as they are until instances are made anew for another reason: for what was chosen
   * among the things on sale at the moment. @default none
   */
  pinned?: readonly PinnedFleetProperty[]
  /** Mbit/s of each instance's own way to the internet. @default it has none */
  bandwidth?: number | undefined
  /** Of the certificate that the load balancer shows. @default the page comes by http alone */
  certificateId?: string | undefined
  /** Bucket that the instances' role may put objects into, with `uploadDir`. @default none */
  uploadBucketName?: pulumi.Input<string> | undefined
  /** What the keys of these objects must start with. @default '' */
  uploadDir?: pulumi.Input<string>
  /** Whether their parts may be listed and given up there, too. @default false */
  uploadsInParts?: boolean
  /** Minutes to wait for the instances to answer. @default 10 */
  readyMinutes?: pulumi.Input<number>
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>
}

/**
 * Servers behind a load balancer, as many as their load asks for. A new release, or another setting
 * of theirs, is a scaling group of its own beside the old one: it is tried first, then the load
 * balancer turns to it, then the old group goes. `opts.dependsOn` holds for the instances: name
 * there what their first start needs.
 */
export class Fleet extends pulumi.ComponentResource {
  readonly scalingGroupId: pulumi.Output<string>
  readonly roleName: pulumi.Output<string>
  /**
   * http address of the load balancer, without a slash at its end: known only once it leads to the
   * release on as many instances as there have to be. If it never does, the update fails with a
   * UserError that says where to look.
   */
  readonly url: pulumi.Output<string>

  constructor(name: string, args: FleetArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super('oss-direct-upload:index:Fleet', name, {}, opts)
    const parent = { parent: this }
    const manifest = pulumi.output(args.manifest)
    const { roleName, grant } = serverRole(
      name,
      { ...args, releaseBucketName: manifest.bucket },
      parent,
    )
    const userData = pulumi
      .all([args.region, roleName, manifest, args.environment])
      .apply(([region, role, release, environment]) =>
        renderUserData({ region, roleName: role, release, environment }),
      )
    const group = scalingGroup(
      name,
      { ...args, roleName, userData },
      pulumi.mergeOptions(opts.dependsOn === undefined ? {} : { dependsOn: opts.dependsOn }, {
        ...parent,
        dependsOn: grant,
      }),
    )
    const answers = (port: number, ready: pulumi.Input<unknown>): pulumi.Output<string> =>
      urlWhenFleetReady({
        url: pulumi
          .all([args.address, ready])
          .apply(([address]) => `http://${address}${port === 80 ? '' : `:${port}`}`),
        release: manifest.id,
        instances: args.size.min,
        region: args.region,
        scalingGroupId: group.scalingGroupId,
        minutes: args.readyMinutes ?? 10,
      })
    const serving = listeners(
      name,
      {
        loadBalancerId: args.loadBalancerId,
        serverGroupId: group.serverGroupId,
        certificateId: args.certificateId,
        tried: (trial) => answers(TRIAL_PORT, trial),
        ...(args.tags === undefined ? {} : { tags: args.tags }),
      },
      parent,
    )

    this.scalingGroupId = group.scalingGroupId
    this.roleName = roleName
    this.url = answers(
      80,
      pulumi.all(serving.map(({ id, defaultActions }) => [id, defaultActions])),
    )
    this.registerOutputs({ scalingGroupId: this.scalingGroupId, roleName: this.roleName })
  }
}
