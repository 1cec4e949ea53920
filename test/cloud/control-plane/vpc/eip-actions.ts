import type { Action } from '../action.ts'
import { REGIONS } from '../catalogue/regions.ts'
import type { ComputeState } from '../compute-state.ts'
import { wholeNumber } from '../parameter-values.ts'
import { describeEip, type Eip, newEip } from './eip.ts'
import { formatIpv4, parseIpv4 } from './ipv4.ts'
import { requireEip, requireRegion } from './lookup.ts'
import { checkDescription, checkName } from './names.ts'
import { refuse } from './refusals.ts'
import { DEFAULT_RESOURCE_GROUP } from './vpc.ts'

/** EIPs of an account in one region. */
const QUOTA = 20

/** Mbit/s where none is named. */
const DEFAULT_BANDWIDTH = 5

/** In the block for documentation, RFC 5737: addresses that reach nobody. */
const FIRST_ADDRESS = parseIpv4('203.0.113.10') ?? 0

/** Every region has addresses of its own, as many as its quota. */
function nextAddress(region: string, eips: readonly Eip[]): string {
  const taken = new Set(eips.map((eip) => eip.address))
  const first = FIRST_ADDRESS + QUOTA * REGIONS.findIndex(({ id }) => id === region)
  for (let address = first; address < first + QUOTA; address++) {
    const text = formatIpv4(address)
    if (!taken.has(text)) return text
  }
  throw refuse('QuotaExceeded.Eip')
}

function checkBandwidth(text: string, chargeType: string): number {
  const bandwidth = wholeNumber(text)
  const most = chargeType === 'PayByTraffic' ? 200 : 500
  if (bandwidth === undefined || bandwidth < 1 || bandwidth > most) {
    throw refuse('InvalidParameter', 'Specified value of "Bandwidth" is not valid.')
  }
  return bandwidth
}

/** Gives the account an address that is bound to nothing. */
export function allocateEipAddress(state: ComputeState): Action {
  return {
    permission: 'vpc:AllocateEipAddress',
    parameters: {
      RegionId: 'required',
      ClientToken: 'optional',
      // Sent empty by the provider.
      InstanceId: 'optional',
      Name: 'optional',
      Description: 'optional',
      Bandwidth: 'optional',
      InternetChargeType: 'optional',
      InstanceChargeType: 'optional',
      ISP: 'optional',
      Netmode: 'optional',
    },
    handle(call) {
      const { parameters } = call
      const region = requireRegion(state, call)
      const chargeType = parameters.InternetChargeType ?? 'PayByBandwidth'
      if (chargeType !== 'PayByTraffic' && chargeType !== 'PayByBandwidth') {
        throw refuse('InvalidParameter', 'Specified value of "InternetChargeType" is not valid')
      }
      if ((parameters.InstanceChargeType ?? 'PostPaid') !== 'PostPaid') {
        throw refuse('InvalidParameter', 'Specified value of "InstanceChargeType" is not valid')
      }
      const isp = parameters.ISP ?? 'BGP'
      if (isp !== 'BGP' && isp !== 'BGP_PRO') {
        throw refuse('InvalidParameter', 'Specified value of "ISP" is not valid')
      }
      if ((parameters.Netmode ?? 'public') !== 'public') throw refuse('InvalidParameter')
      if (parameters.InstanceId) throw refuse('InvalidParameter')
      const wanted = {
        region,
        createdAt: call.now,
        internetChargeType: chargeType,
        isp,
        bandwidth: checkBandwidth(parameters.Bandwidth ?? String(DEFAULT_BANDWIDTH), chargeType),
        name: checkName(parameters.Name, 'InvalidParameter'),
        description: checkDescription(parameters.Description, 'InvalidParameter'),
        tags: new Map<string, string>(),
      } as const
      if (state.eips.in(region).length >= QUOTA) throw refuse('QuotaExceeded.Eip')
      const eip = newEip({ ...wanted, address: nextAddress(region, state.eips.in(region)) })
      state.eips.add(eip)
      return {
        AllocationId: eip.id,
        EipAddress: eip.address,
        ResourceGroupId: DEFAULT_RESOURCE_GROUP,
      }
    },
  }
}

/** Lists EIPs; an empty list where none is found. New ones may be missing for a moment. */
export function describeEipAddresses(state: ComputeState): Action {
  return {
    permission: 'vpc:DescribeEipAddresses',
    parameters: {
      RegionId: 'required',
      AllocationId: 'optional',
      EipAddress: 'optional',
      Status: 'optional',
      AssociatedInstanceId: 'optional',
      AssociatedInstanceType: 'optional',
      PageNumber: 'optional',
      PageSize: 'optional',
    },
    handle(call) {
      const { parameters } = call
      const pageNumber = wholeNumber(parameters.PageNumber ?? '1') ?? 0
      const pageSize = wholeNumber(parameters.PageSize ?? '10') ?? 0
      if (pageNumber < 1 || pageSize < 1 || pageSize > 100) throw refuse('InvalidParameter')
      const ids = parameters.AllocationId?.split(',')
      const addresses = parameters.EipAddress?.split(',')
      const type = parameters.AssociatedInstanceType
      if (type !== undefined && type !== 'EcsInstance') {
        throw refuse('InvalidIAssociatedInstanceType.ValueNotSupported')
      }
      const found = state.eips
        .in(requireRegion(state, call))
        .filter((eip) => call.now - eip.createdAt >= state.consistencyMs)
        .filter((eip) => ids === undefined || ids.includes(eip.id))
        .filter((eip) => addresses === undefined || addresses.includes(eip.address))
        .filter((eip) => parameters.Status === undefined || eip.status === parameters.Status)
        .filter((eip) => type === undefined || eip.instanceId !== undefined)
        .filter(
          (eip) =>
            parameters.AssociatedInstanceId === undefined ||
            eip.instanceId === parameters.AssociatedInstanceId,
        )
      const page = found.slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
      return {
        PageNumber: pageNumber,
        PageSize: pageSize,
        TotalCount: found.length,
        EipAddresses: { EipAddress: page.map(describeEip) },
      }
    },
  }
}

/** Changes name, description and bandwidth of an EIP. */
export function modifyEipAddressAttribute(state: ComputeState): Action {
  return {
    permission: 'vpc:ModifyEipAddressAttribute',
    parameters: {
      RegionId: 'required',
      AllocationId: 'required',
      Name: 'optional',
      Description: 'optional',
      Bandwidth: 'optional',
    },
    handle(call) {
      const { parameters } = call
      const eip = requireEip(state, call)
      if (eip.status !== 'Available' && eip.status !== 'InUse') throw refuse('IncorrectEipStatus')
      const name = checkName(parameters.Name, 'InvalidParameter')
      const text = checkDescription(parameters.Description, 'InvalidParameter')
      if (parameters.Bandwidth !== undefined) {
        eip.bandwidth = checkBandwidth(parameters.Bandwidth, eip.internetChargeType)
      }
      if (parameters.Name !== undefined) eip.name = name
      if (parameters.Description !== undefined) eip.description = text
      return {}
    },
  }
}

/** Gives an address back that is bound to nothing. */
export function releaseEipAddress(state: ComputeState): Action {
  return {
    permission: 'vpc:ReleaseEipAddress',
    parameters: { RegionId: 'required', AllocationId: 'required' },
    handle(call) {
      const eip = requireEip(state, call)
      if (eip.status !== 'Available') throw refuse('IncorrectEipStatus')
      state.eips.remove(eip.id)
      return {}
    },
  }
}
