/** How long the cloud takes over its changes, each in milliseconds. */
export interface Durations {
  /** A VPC is Pending. */
  vpcMs: number
  /** A vSwitch is Pending. */
  vSwitchMs: number
  /** A deleted vSwitch keeps its VPC from being deleted. */
  vSwitchDeletingMs: number
  /** An instance is Pending before it is Starting. */
  instancePendingMs: number
  /** An instance is Starting at the least. */
  instanceStartingMs: number
  /** An instance is Stopping at the least. */
  instanceStoppingMs: number
  /** A deleted instance is still listed. */
  instanceReleasingMs: number
  /** The network interface of an instance outlives it, holding its vSwitch and groups. */
  interfaceReleasingMs: number
  /** An EIP is Associating at the least. */
  eipAssociatingMs: number
  /** An EIP is Unassociating at the least. */
  eipUnassociatingMs: number
  /** A load balancer is Provisioning, or a change of it goes on. */
  loadBalancerMs: number
  /** A server group is Creating, or a change of it goes on. */
  serverGroupMs: number
  /** A listener is Provisioning, or a change of it goes on. */
  listenerMs: number
  /** A server is Adding. */
  serverMs: number
  /** Auto Scaling looks at a group again. */
  scalingMs: number
  /** Auto Scaling reads a metric once in that time. */
  metricPeriodMs: number
  /**
   * What times that a program has set are multiplied by: those of lifecycle hooks, warm-up,
   * connection draining. 1 is how long they are there.
   */
  waitFactor: number
}

/** Near what users see, shortened where the provider polls anyway. */
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

/** The same, but it does not keep a process from ending. */
export function idle(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
