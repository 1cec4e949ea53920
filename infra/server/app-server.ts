import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import { renderUserData } from '../boot/user-data.ts'
import { pageAddress } from '../config/page-origins.ts'
import type { Architecture } from '../placement/architecture.ts'
import type { PinnedProperty } from '../placement/pinned-properties.ts'
import { NAME_LIMITS, stackName } from '../pulumi/resource-names.ts'
import { serverRole } from '../ram/server-role.ts'
import { loginAddress, urlWhenReady } from '../readiness/server-readiness.ts'
import type { ReleaseManifest } from '../release/manifest.ts'

export interface AppServerArgs {
  /** E.g. `ap-southeast-1`. */
  region: pulumi.Input<string>
  /** The release that the instance fetches and runs. */
  manifest: pulumi.Input<ReleaseManifest>
  /** The server's environment, without secrets. */
  environment: pulumi.Input<Record<string, pulumi.Input<string>>>
  vswitchId: pulumi.Input<string>
  securityGroupId: pulumi.Input<string>
  /** Of the EIP that leads to the server. */
  allocationId: pulumi.Input<string>
  /** The EIP itself: an IPv4 address. */
  address: pulumi.Input<string>
  /** Of image and instance type; another one means another instance. */
  architecture: Architecture
  imageId: pulumi.Input<string>
  instanceType: pulumi.Input<string>
  systemDiskCategory: pulumi.Input<string>
  /**
   * Keeps these as they are on an existing instance: for what was chosen among the things on sale
   * at the moment, and would change without anyone's wish. @default none
   */
  pinned?: readonly PinnedProperty[]
  /** Of root: 8 to 30 characters of three of four classes. @default root has none */
  password?: pulumi.Input<string> | undefined
  /** IPv4 ranges that reach port 22. Without them and a password, no SSH server runs. @default none */
  sshCidrs?: readonly string[]
  /** Bucket that the instance's role may put objects into, with `uploadDir`. @default none */
  uploadBucketName?: pulumi.Input<string> | undefined
  /** What the keys of these objects must start with. @default '' */
  uploadDir?: pulumi.Input<string>
  /** Whether their parts may be listed and given up there, too. @default false */
  uploadsInParts?: boolean
  /**
   * Whether the environment has the server serve https, too: `url` is an https address then, and the
   * role may keep the certificate under `acme/` in the release's bucket. @default false
   */
  https?: boolean
  /** Host name of that address. @default `address` */
  domain?: string | undefined
  /** Minutes to wait for the page to answer. @default 10 */
  readyMinutes?: pulumi.Input<number>
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>
}

/**
 * An instance that runs a release, with its role and its way to the internet. New user data, so a
 * new release or setting, means a new instance, made before the old one is deleted; the address
 * moves to it. `opts.dependsOn` holds for the instance itself: name there what its first start
 * needs.
 */
export class AppServer extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>
  readonly roleName: pulumi.Output<string>
  /** Page of the console that logs on to the instance. */
  readonly loginAddress: pulumi.Output<string>
  /**
   * Of the page, without a slash at its end: known only once the page answers with this release.
   * If it never does, the update fails with a pulumi.RunError that says where to look.
   */
  readonly url: pulumi.Output<string>

  constructor(name: string, args: AppServerArgs, opts: pulumi.ComponentResourceOptions = {}) {
    // What the instance waits for holds up none of the others.
    super('oss-direct-upload:index:AppServer', name, {}, { ...opts, dependsOn: [] })
    const parent = { parent: this }
    const tags = args.tags === undefined ? {} : { tags: args.tags }
    const manifest = pulumi.output(args.manifest)

    const { roleName, grant } = serverRole(
      name,
      { ...args, releaseBucketName: manifest.bucket },
      parent,
    )
    // The architecture is part of the name because an image that is kept must never meet a type
    // of another architecture.
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
        httpPutResponseHopLimit: 1,
        userData: pulumi
          .all([args.region, roleName, manifest, args.environment])
          .apply(([region, role, release, environment]) =>
            renderUserData({
              region,
              roleName: role,
              release,
              environment,
              sshd: args.password !== undefined || (args.sshCidrs ?? []).length > 0,
            }),
          ),
        ...(args.password === undefined ? {} : { password: args.password }),
        ...tags,
      },
      pulumi.mergeOptions(opts.dependsOn === undefined ? {} : { dependsOn: opts.dependsOn }, {
        ...parent,
        dependsOn: grant,
        ignoreChanges: [...(args.pinned ?? [])],
        // The provider would change both on the running instance, which runs no user data again.
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
        // The address leads to one instance at a time.
        deleteBeforeReplace: true,
        // Told by the cloud for some instances; taken for a change, they would replace it each time.
        ignoreChanges: ['vpcId', 'privateIpAddress'],
      },
    )

    this.instanceId = instance.id
    this.roleName = roleName
    this.loginAddress = pulumi
      .all([args.region, instance.id])
      .apply(([region, id]) => loginAddress(region, id))
    // Not before the role is attached and the address leads to the instance.
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
      minutes: args.readyMinutes ?? 10,
    })
    this.registerOutputs({
      instanceId: this.instanceId,
      roleName: this.roleName,
      loginAddress: this.loginAddress,
    })
  }
}
