/** How long the cloud takes over its changes, each in milliseconds. */
export interface Pace {
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
}

/** Near what users see, shortened where the provider polls anyway. */
export const DEFAULT_PACE: Pace = {
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
}

/** Resolves after this many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
