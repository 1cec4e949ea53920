import type { ActionCall } from '../action.ts'
import { REGIONS } from '../catalogue/regions.ts'
import { type NetworkInterface, newNetworkInterface } from '../ecs/network-interface.ts'
import { pickAddress } from '../ecs/placement.ts'
import { recordsOf } from '../parameter-values.ts'
import { newResourceId } from '../resource-id.ts'
import type { AlbState } from './alb-state.ts'
import type { BalancerZone, LoadBalancer } from './load-balancer.ts'
import { refuse } from './refusals.ts'

/** In the documentation block of RFC 5737, above the addresses of EIPs. */
const FIRST_HOST = 200

/** Public addresses of load balancers in one region. */
const ADDRESSES = 8

function takePublicAddress(state: AlbState, region: string, taken: readonly string[]): string {
  const used = new Set([
    ...taken,
    ...state.loadBalancers.all().flatMap(({ zones }) => zones.map(({ address }) => address)),
  ])
  const first = FIRST_HOST + ADDRESSES * REGIONS.findIndex(({ id }) => id === region)
  for (let host = first; host < first + ADDRESSES; host++) {
    const address = `203.0.113.${host}`
    if (!used.has(address)) return address
  }
  throw refuse('QuotaExceeded', 'LoadBalancersNum')
}

/**
 * Takes the addresses of a new load balancer. In each of its zones, at least two, it has a public
 * address, an address in the VPC, and one for its connections to servers.
 *
 * @returns The zones, and the network interfaces that keep vSwitches from being deleted
 * @throws ActionError
 */
export function takeZones(
  state: AlbState,
  call: ActionCall,
  { vpcId, addressType }: Pick<LoadBalancer, 'vpcId' | 'addressType'>,
): { zones: BalancerZone[]; interfaces: NetworkInterface[] } {
  const records = recordsOf(call.parameters, 'ZoneMappings')
  const zoneIds = new Set(records.map(({ ZoneId }) => ZoneId))
  if (records.length < 2 || zoneIds.size !== records.length) {
    throw refuse('IllegalParamSize', 'ZoneMappings')
  }
  const zones: BalancerZone[] = []
  const interfaces: NetworkInterface[] = []
  const { compute } = state
  for (const { ZoneId = '', VSwitchId = '', AllocationId, IntranetAddress } of records) {
    // EIPs of the caller are not simulated.
    if (AllocationId) throw refuse('IllegalParam', 'AllocationId')
    const vSwitch = compute.vSwitches.get(VSwitchId)
    if (!vSwitch || vSwitch.vpcId !== vpcId) throw refuse('ResourceNotFound', 'VSwitch')
    if (vSwitch.status !== 'Available') throw refuse('IncorrectStatus', 'VSwitch')
    if (!compute.catalogue.zones(compute.region).includes(ZoneId)) {
      throw refuse('ResourceNotFound', 'Zone')
    }
    if (vSwitch.zoneId !== ZoneId) throw refuse('Mismatch', 'ZoneIdAndVSwitchId')
    const own = [IntranetAddress || undefined, undefined].map((wanted) => {
      const networkInterface = newNetworkInterface({
        region: compute.region,
        createdAt: call.now,
        instanceId: '',
        zoneId: ZoneId,
        vpcId,
        vSwitchId: vSwitch.id,
        privateIp: pickAddress(compute, vSwitch, wanted, [
          ...interfaces.map(({ privateIp }) => privateIp),
        ]),
        securityGroupIds: [],
        tags: new Map(),
      })
      interfaces.push(networkInterface)
      return networkInterface
    })
    const isPublic = addressType === 'Internet'
    zones.push({
      zoneId: ZoneId,
      vSwitchId: vSwitch.id,
      address: isPublic
        ? takePublicAddress(
            state,
            compute.region,
            zones.map(({ address }) => address),
          )
        : '',
      allocationId: isPublic ? newResourceId('eip', compute.region) : '',
      intranetAddress: own[0]?.privateIp ?? '',
      localAddress: own[1]?.privateIp ?? '',
      interfaceIds: own.map(({ id }) => id),
    })
  }
  return { zones, interfaces }
}
