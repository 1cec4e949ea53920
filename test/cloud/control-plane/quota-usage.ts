import type { ComputeState, Limits } from './compute-state.ts'
import { eipsInUse } from './vpc/eip-quota.ts'

/** Returns how much of each quota an account uses in a region. */
export function quotaUsage(state: ComputeState): Limits {
  return {
    vpcs: state.vpcs.all().length,
    eips: eipsInUse(state),
    vcpus: state.instances.all().reduce((sum, { type }) => sum + type.cpuCores, 0),
  }
}
