import type { ComputeState } from '../compute-state.ts'

/** EIPs of an account in one region. */
export const EIP_QUOTA = 20

/** Counts the EIPs of the account and those of its load balancers, which the quota includes. */
export function eipsInUse({ eips, balancerEips }: ComputeState): number {
  return eips.all().length + balancerEips.size
}
