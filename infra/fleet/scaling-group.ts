import { createHash } from 'node:crypto'
import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import type { FleetSize } from '../config/setting-types.ts'
import type { PinnedFleetProperty } from '../placement/pinned-properties.ts'
import { NAME_LIMITS, stackName } from '../pulumi/resource-names.ts'
import { type TaggedArgs, tagsOf } from '../pulumi/tags.ts'

export interface ScalingGroupArgs extends TaggedArgs {
  size: FleetSize
  vpcId: pulumi.Input<string>
  vswitchIds: pulumi.Input<string>[]
  securityGroupId: pulumi.Input<string>
  roleName: pulumi.Input<string>
  userData: pulumi.Input<string>
  imageId: pulumi.Input<string>
  /** In order of preference: the next one is used while the one before is out of stock. */
  instanceTypes: pulumi.Input<string>[]
  /** CPUs of an instance. */
  cpus: number
  systemDiskCategory: pulumi.Input<string>
  pinned?: readonly PinnedFleetProperty[]
  /** Mbit/s of a public address for each instance, for outgoing connections. @default none */
  bandwidth?: number | undefined
}

/** The servers of one release. */
export interface ScalingGroup {
  scalingGroupId: pulumi.Output<string>
  /** Of the load balancer's server group. Known once the instances are being started. */
  serverGroupId: pulumi.Output<string>
}

/** Percent of one CPU at which instances are added or removed: the server process uses only one. */
const TARGET_CPU = 60
/** Time from an instance's creation until the load balancer's health check counts. */
const BOOT_SECONDS = 60
/** Time from an instance's last request until it is released. */
const DRAIN_SECONDS = 30

/**
 * Creates instances that run one release (Auto Scaling, ESS), in a server group of the load balancer.
 * Other user data means another group with its own instances, created before this one is deleted. ESS
 * stops the instances of a deleted group, so the load balancer must have switched by then.
 *
 * ESS replaces an instance that stops or fails the load balancer's health check.
 *
 * @param opts Of the resources; `dependsOn` applies to the one that starts the instances
 */
export function scalingGroup(
  name: string,
  args: ScalingGroupArgs,
  { dependsOn, ...parent }: pulumi.CustomResourceOptions,
): ScalingGroup {
  const tags = tagsOf(args)
  const physicalName = pulumi
    .all([args.userData, args.bandwidth, requested(args)])
    .apply((parts) => `${stackName(name, NAME_LIMITS.scaling - 9)}-${revision(parts)}`)

  const servers = new alicloud.alb.ServerGroup(
    `${name}-servers`,
    {
      serverGroupName: physicalName,
      vpcId: args.vpcId,
      protocol: 'HTTP',
      healthCheckConfig: {
        healthCheckEnabled: true,
        healthCheckProtocol: 'HTTP',
        healthCheckMethod: 'GET',
        healthCheckPath: '/healthz',
        healthCheckCodes: ['http_2xx'],
        healthCheckConnectPort: 80,
        healthCheckInterval: 2,
        healthCheckTimeout: 2,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      stickySessionConfig: { stickySessionEnabled: false },
      connectionDrainConfig: {
        connectionDrainEnabled: true,
        connectionDrainTimeout: DRAIN_SECONDS,
      },
      ...tags,
    },
    // Auto Scaling puts servers in and takes them out.
    { ...parent, replaceOnChanges: ['serverGroupName'], ignoreChanges: ['servers'] },
  )
  const group = new alicloud.ess.ScalingGroup(
    `${name}-group`,
    {
      scalingGroupName: physicalName,
      minSize: args.size.min,
      maxSize: args.size.max,
      vswitchIds: args.vswitchIds,
      multiAzPolicy: 'BALANCE',
      healthCheckTypes: ['ECS', 'LOAD_BALANCER'],
      removalPolicies: ['OldestInstance'],
      defaultCooldown: 60,
      albServerGroups: [{ albServerGroupId: servers.id, port: 80, weight: 100 }],
      ...tags,
    },
    { ...parent, replaceOnChanges: ['scalingGroupName'] },
  )
  // The cloud deletes these with the group, and refuses to delete them before it while they are in use.
  const partOfGroup = { ...parent, deletedWith: group }
  const hooks = [
    ['scale-out', 'SCALE_OUT', BOOT_SECONDS] as const,
    ['scale-in', 'SCALE_IN', DRAIN_SECONDS] as const,
  ].map(
    ([hook, lifecycleTransition, heartbeatTimeout]) =>
      new alicloud.ess.LifecycleHook(
        `${name}-${hook}`,
        // Without a name: a fixed one would make the provider delete the old hook first.
        {
          scalingGroupId: group.id,
          lifecycleTransition,
          heartbeatTimeout,
          defaultResult: 'CONTINUE',
        },
        partOfGroup,
      ),
  )
  // Enabling the configuration starts the first instances.
  const configuration = new alicloud.ess.ScalingConfiguration(
    `${name}-configuration`,
    {
      scalingGroupId: group.id,
      scalingConfigurationName: physicalName,
      instanceName: stackName(name, NAME_LIMITS.network),
      imageId: args.imageId,
      instanceTypes: args.instanceTypes,
      systemDiskCategory: args.systemDiskCategory,
      systemDiskSize: 20,
      spotStrategy: 'NoSpot',
      securityGroupId: args.securityGroupId,
      roleName: args.roleName,
      httpEndpoint: 'enabled',
      userData: args.userData,
      ...(args.bandwidth === undefined
        ? {}
        : { internetChargeType: 'PayByTraffic', internetMaxBandwidthOut: args.bandwidth }),
      active: true,
      enable: true,
      forceDelete: true,
      ...tags,
    },
    pulumi.mergeOptions(dependsOn === undefined ? {} : { dependsOn }, {
      ...partOfGroup,
      dependsOn: hooks,
      // The cloud reports the last two although they were not set.
      ignoreChanges: [...(args.pinned ?? []), 'internetMaxBandwidthIn', 'resourceGroupId'],
    }),
  )
  new alicloud.ess.ScalingRule(
    `${name}-rule`,
    {
      scalingGroupId: group.id,
      scalingRuleName: 'cpu',
      scalingRuleType: 'TargetTrackingScalingRule',
      metricName: 'CpuUtilization',
      targetValue: Math.ceil(TARGET_CPU / args.cpus),
      estimatedInstanceWarmup: BOOT_SECONDS,
    },
    {
      ...partOfGroup,
      dependsOn: configuration,
      ignoreChanges: args.pinned?.includes('instanceTypes') ? ['targetValue'] : [],
    },
  )
  const started = pulumi.all([group.id, servers.id, configuration.id])
  return {
    scalingGroupId: started.apply(([id]) => id),
    serverGroupId: started.apply(([, id]) => id),
  }
}

/** Returns the properties that the settings decide: another value replaces the instances. */
function requested(args: ScalingGroupArgs): pulumi.Output<unknown> {
  const { pinned = [], instanceTypes, systemDiskCategory } = args
  return pulumi.output([
    pinned.includes('instanceTypes') ? [] : instanceTypes,
    pinned.includes('systemDiskCategory') ? '' : systemDiskCategory,
  ])
}

function revision(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8)
}
