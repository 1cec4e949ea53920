/** How long changes take, in milliseconds. */
export interface Durations {
  /** A VPC is Pending. */
  vpcMs: number
  /** A vSwitch is Pending. */
  vSwitchMs: number
  /** A deleted vSwitch keeps its VPC from being deleted. */
  vSwitchDeletingMs: number
  /** An instance is Pending before it is Starting. */
  instancePendingMs: number
  /** Minimum time that an instance is Starting. */
  instanceStartingMs: number
  /** Minimum time that an instance is Stopping. */
  instanceStoppingMs: number
  /** A deleted instance is still listed. */
  instanceReleasingMs: number
  /** The network interface of an instance outlives it, holding its vSwitch and groups. */
  interfaceReleasingMs: number
  /** Minimum time that an EIP is Associating. */
  eipAssociatingMs: number
  /** Minimum time that an EIP is Unassociating. */
  eipUnassociatingMs: number
  /** A load balancer is Provisioning, or a change of it goes on. */
  loadBalancerMs: number
  /** A server group is Creating, or a change of it goes on. */
  serverGroupMs: number
  /** A listener is Provisioning, or a change of it goes on. */
  listenerMs: number
  /** A server is Adding. */
  serverMs: number
  /** Interval of Auto Scaling's rounds for a group. */
  scalingMs: number
  /** Interval of metrics. */
  metricPeriodMs: number
  /**
   * Factor of times that programs set: those of lifecycle hooks, warm-up and
   * connection draining.
   */
  waitFactor: number
}

/** Near those of the real cloud, shorter where the provider polls anyway. */
export const DEFAULT_DURATIONS: Durations = {
  vpcMs: 1500,
  vSwitchMs: 1000,
  vSwitchDeletingMs: 1000,
  instancePendingMs: 1500,
  instanceStartingMs: 1500,
  instanceStoppingMs: 1500,
  instanceReleasingMs: 2000,
  interfaceReleasingMs: 1000,
  eipAssociatingMs: 1000,
  eipUnassociatingMs: 1000,
  loadBalancerMs: 1500,
  serverGroupMs: 500,
  listenerMs: 1000,
  serverMs: 500,
  scalingMs: 1000,
  metricPeriodMs: 60_000,
  waitFactor: 1,
}

/** Resolves after this many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Like `pause`, but does not keep the process running. */
export function idle(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
