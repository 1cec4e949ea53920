import * as pulumi from '@pulumi/pulumi'
import { type InstanceArgs, instanceUserData } from '../boot/instance-user-data.ts'
import { pageAddress } from '../config/page-origins.ts'
import type { FleetSize } from '../config/setting-types.ts'
import type { PinnedFleetProperty } from '../placement/pinned-properties.ts'
import { type TaggedArgs, tagsOf } from '../pulumi/tags.ts'
import { serverRole, type UploadRights } from '../ram/server-role.ts'
import { checkRecord } from '../readiness/domain-record.ts'
import { urlWhenFleetReady } from '../readiness/fleet-readiness.ts'
import { READY_MINUTES } from '../readiness/poll.ts'
import { listeners, TRIAL_PORT } from './listeners.ts'
import { scalingGroup } from './scaling-group.ts'

export interface FleetArgs extends InstanceArgs, UploadRights, TaggedArgs {
  size: FleetSize
  loadBalancerId: pulumi.Input<string>
  /** Of the load balancer: a DNS name, for which it serves no requests itself. */
  address: pulumi.Input<string>
  /** Host name of the page. A CNAME record has to lead from it to `address`. */
  domain: string
  vpcId: pulumi.Input<string>
  vswitchIds: pulumi.Input<string>[]
  /** Lets only the load balancer reach port 80. */
  securityGroupId: pulumi.Input<string>
  imageId: pulumi.Input<string>
  /** In order of preference: the next one is used while the one before is out of stock. */
  instanceTypes: string[]
  /** CPUs of an instance. Its server uses one, and the load of that one decides about scaling. */
  cpus: number
  systemDiskCategory: pulumi.Input<string>
  /**
   * Properties that existing instances keep until another change replaces them, because they were
   * chosen from what was in stock. @default none
   */
  pinned?: readonly PinnedFleetProperty[]
  /** Mbit/s of each instance's own connection to the internet. @default none, it has no connection */
  bandwidth?: number | undefined
  /** Of the load balancer's certificate. @default none, the page is served over http only */
  certificateId?: string | undefined
  /** Longest time to wait for the instances to answer. @default 10 */
  readyMinutes?: pulumi.Input<number>
}

/**
 * Servers behind a load balancer, as many as their load requires. A new release or setting gets a
 * scaling group of its own beside the old one: the new group is tested, then the load balancer
 * switches to it, then the old group is deleted. `opts.dependsOn` applies to the instances: list
 * there what their first start needs.
 */
export class Fleet extends pulumi.ComponentResource {
  readonly scalingGroupId: pulumi.Output<string>
  readonly roleName: pulumi.Output<string>
  /**
   * Address of the page at its domain, without a trailing slash; known once the minimum number of
   * instances answers at the load balancer with this release, whether or not the domain leads there yet.
   * If that never happens, the update fails with a UserError that says where to look.
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
    const userData = instanceUserData(args, roleName)
    const group = scalingGroup(
      name,
      { ...args, roleName, userData },
      pulumi.mergeOptions(opts.dependsOn === undefined ? {} : { dependsOn: opts.dependsOn }, {
        ...parent,
        dependsOn: grant,
      }),
    )
    const urlWhenReady = (port: number, ready: pulumi.Input<unknown>): pulumi.Output<string> =>
      urlWhenFleetReady({
        url: pulumi
          .all([args.address, ready])
          .apply(([address]) => `http://${address}${port === 80 ? '' : `:${port}`}`),
        domain: args.domain,
        release: manifest.id,
        instances: args.size.min,
        region: args.region,
        scalingGroupId: group.scalingGroupId,
        minutes: args.readyMinutes ?? READY_MINUTES,
      })
    const visitorListeners = listeners(
      name,
      {
        loadBalancerId: args.loadBalancerId,
        serverGroupId: group.serverGroupId,
        certificateId: args.certificateId,
        tested: (trial) => urlWhenReady(TRIAL_PORT, trial),
        ...tagsOf(args),
      },
      parent,
    )

    this.scalingGroupId = group.scalingGroupId
    this.roleName = roleName
    const ready = urlWhenReady(
      80,
      pulumi.all(visitorListeners.map(({ id, defaultActions }) => [id, defaultActions])),
    )
    this.url = pulumi.all([args.address, manifest.id, ready]).apply(([address, release]) => {
      const page = pageAddress({ ...args, https: false }, address)
      return checkRecord({ page, address, release })
    })
    this.registerOutputs({ scalingGroupId: this.scalingGroupId, roleName: this.roleName })
  }
}
