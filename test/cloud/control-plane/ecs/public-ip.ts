import { REGIONS } from '../catalogue/regions.ts'
import type { ComputeState } from '../compute-state.ts'
import { refuse } from './refusals.ts'

/** In the documentation block of RFC 5737, above the addresses of EIPs. */
const FIRST_HOST = 130
/** Of one region. */
const ADDRESSES = 11

/** Takes a public address for an instance with bandwidth. @throws ActionError */
export function takePublicIp(state: ComputeState, region: string): string {
  const taken = new Set(state.instances.all().map(({ publicIp }) => publicIp))
  const first = FIRST_HOST + ADDRESSES * REGIONS.findIndex(({ id }) => id === region)
  for (let host = first; host < first + ADDRESSES; host++) {
    const address = `203.0.113.${host}`
    if (!taken.has(address)) return address
  }
  throw refuse('QuotaExceed.ElasticQuota')
}
