import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import { type InstanceArgs, instanceUserData } from '../boot/instance-user-data.ts'
import { pageAddress } from '../config/page-origins.ts'
import type { Architecture } from '../placement/architecture.ts'
import type { PinnedProperty } from '../placement/pinned-properties.ts'
import { NAME_LIMITS, stackName } from '../pulumi/resource-names.ts'
import { type TaggedArgs, tagsOf } from '../pulumi/tags.ts'
import { serverRole, type UploadRights } from '../ram/server-role.ts'
import { READY_MINUTES } from '../readiness/poll.ts'
import { loginAddress, urlWhenReady } from '../readiness/server-readiness.ts'

export interface AppServerArgs extends InstanceArgs, UploadRights, TaggedArgs {
  vswitchId: pulumi.Input<string>
  securityGroupId: pulumi.Input<string>
  /** Of the EIP of the server. */
  allocationId: pulumi.Input<string>
  /** The EIP itself: an IPv4 address. */
  address: pulumi.Input<string>
  /** Of image and instance type; a change replaces the instance. */
  architecture: Architecture
  imageId: pulumi.Input<string>
  instanceType: pulumi.Input<string>
  systemDiskCategory: pulumi.Input<string>
  /**
   * Properties that an existing instance keeps, because they were chosen from what was in stock and
   * would otherwise change with the stock. @default none
   */
  pinned?: readonly PinnedProperty[]
  /** Of root: 8 to 30 characters from three of four classes. @default none */
  password?: pulumi.Input<string> | undefined
  /** IPv4 ranges that reach port 22. Without any and without a password no SSH server runs. @default none */
  sshCidrs?: readonly string[]
  /**
   * Whether the environment makes the server serve https: `url` is then an https address, and the
   * role may store the certificate under `acme/` in the release's bucket. @default false
   */
  https?: boolean
  /** Host name of that address. @default `address` */
  domain?: string | undefined
  /** Longest time to wait for the page to answer. @default 10 */
  readyMinutes?: pulumi.Input<number>
}

/**
 * An instance that runs a release, with its role and its public address. New user data, and so a new
 * release or setting, replaces the instance: the new one is created, the address moves to it, and the
 * old one is deleted. `opts.dependsOn` applies to the instance alone: list there what its first start
 * needs.
 */
export class AppServer extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>
  readonly roleName: pulumi.Output<string>
  /** Page of the console that logs in to the instance. */
  readonly loginAddress: pulumi.Output<string>
  /**
   * Of the page, without a trailing slash; known once the page answers with this release. If it never
   * does, the update fails with a pulumi.RunError that says where to look.
   */
  readonly url: pulumi.Output<string>

  constructor(name: string, args: AppServerArgs, opts: pulumi.ComponentResourceOptions = {}) {
    // Only the instance waits for `opts.dependsOn`.
    super('oss-direct-upload:index:AppServer', name, {}, { ...opts, dependsOn: [] })
    const parent = { parent: this }
    const tags = tagsOf(args)
    const manifest = pulumi.output(args.manifest)
    const sshd = args.password !== undefined || (args.sshCidrs ?? []).length > 0

    const { roleName, grant } = serverRole(
      name,
      { ...args, releaseBucketName: manifest.bucket },
      parent,
    )
    // The architecture is part of the name, so that a pinned image is never combined with an instance
    // type of another architecture.
    const instance = new alicloud.ecs.Instance(
      args.architecture === 'x86_64' ? `${name}-instance` : `${name}-instance-${args.architecture}`,
      {
        instanceName: stackName(name, NAME_LIMITS.network),
        imageId: args.imageId,
        instanceType: args.instanceType,
        systemDiskCategory: args.systemDiskCategory,
        systemDiskSize: 20,
        vswitchId: args.vswitchId,
        securityGroups: [args.securityGroupId],
        httpEndpoint: 'enabled',
        httpTokens: 'required',
        userData: instanceUserData(args, roleName, sshd),
        ...(args.password === undefined ? {} : { password: args.password }),
        ...tags,
      },
      pulumi.mergeOptions(opts.dependsOn === undefined ? {} : { dependsOn: opts.dependsOn }, {
        ...parent,
        dependsOn: grant,
        ignoreChanges: [...(args.pinned ?? [])],
        // The provider would change both on the running instance, which never runs user data again.
        replaceOnChanges: ['userData', 'vswitchId'],
      }),
    )
    const attachment = new alicloud.ecs.RamRoleAttachment(
      `${name}-role-attachment`,
      { instanceId: instance.id, ramRoleName: roleName },
      parent,
    )
    const association = new alicloud.ecs.EipAssociation(
      `${name}-eip-association`,
      { allocationId: args.allocationId, instanceId: instance.id },
      {
        ...parent,
        dependsOn: attachment,
        // An address belongs to one instance at a time.
        deleteBeforeReplace: true,
        // The cloud reports these for some instances, and a difference would replace the association.
        ignoreChanges: ['vpcId', 'privateIpAddress'],
      },
    )

    this.instanceId = instance.id
    this.roleName = roleName
    this.loginAddress = pulumi
      .all([args.region, instance.id])
      .apply(([region, id]) => loginAddress(region, id))
    // Known once the role is attached and the address leads to the instance.
    const instanceId = pulumi.all([instance.id, attachment.id, association.id]).apply(([id]) => id)
    this.url = urlWhenReady({
      url: pulumi
        .output(args.address)
        .apply((address) =>
          pageAddress({ https: args.https ?? false, domain: args.domain }, address),
        ),
      address: args.address,
      release: manifest.id,
      region: args.region,
      instanceId,
      minutes: args.readyMinutes ?? READY_MINUTES,
    })
    this.registerOutputs({
      instanceId: this.instanceId,
      roleName: this.roleName,
      loginAddress: this.loginAddress,
    })
  }
}
