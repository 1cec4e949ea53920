import { REGIONS } from '../catalogue/regions.ts'
import type { ComputeState } from '../compute-state.ts'
import { refuse } from './refusals.ts'

/** In the block for documentation, RFC 5737, behind the addresses of EIPs. */
const FIRST_HOST = 130
/** Of one region. */
const ADDRESSES = 11

/** An address for an instance alone, as one made with bandwidth gets it. @throws ActionError */
export function takePublicIp(state: ComputeState, region: string): string {
  const taken = new Set(state.instances.all().map(({ publicIp }) => publicIp))
  const first = FIRST_HOST + ADDRESSES * REGIONS.findIndex(({ id }) => id === region)
  for (let host = first; host < first + ADDRESSES; host++) {
    const address = `203.0.113.${host}`
    if (!taken.has(address)) return address
  }
  throw refuse('QuotaExceed.ElasticQuota')
}
