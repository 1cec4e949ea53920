import type { ComputeState } from '../compute-state.ts'

/** Addresses of a region; no account has a higher quota. */
export const MAX_EIPS = 20

/** Counts the EIPs of the account and those of its load balancers, which the quota includes. */
export function eipsInUse({ eips, balancerEips }: ComputeState): number {
  return eips.all().length + balancerEips.size
}
