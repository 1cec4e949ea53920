import type { Actions } from '../action.ts'
import { REGIONS } from '../catalogue/regions.ts'
import type { ComputeState } from '../compute-state.ts'
import { listAction } from '../list-action.ts'
import { wholeNumber } from '../parameter-values.ts'
import { describeEip, type Eip, newEip } from './eip.ts'
import { eipsInUse, MAX_EIPS } from './eip-quota.ts'
import { formatIpv4, parseIpv4 } from './ipv4.ts'
import { requireEip } from './lookup.ts'
import { checkDescription, checkName } from './names.ts'
import { pages } from './parameters.ts'
import { refuse } from './refusals.ts'
import { DEFAULT_RESOURCE_GROUP } from './vpc.ts'

/** Default, Mbit/s. */
const DEFAULT_BANDWIDTH = 5

/** In the documentation block of RFC 5737. */
const FIRST_ADDRESS = parseIpv4('203.0.113.10') ?? 0

/** Each region has a range of its own, as large as the quota. */
function nextAddress(region: string, eips: readonly Eip[]): string {
  const taken = new Set(eips.map((eip) => eip.address))
  const first = FIRST_ADDRESS + MAX_EIPS * REGIONS.findIndex(({ id }) => id === region)
  for (let address = first; address < first + MAX_EIPS; address++) {
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

/** Returns the actions on EIPs, except those that bind them. */
export function eipActions(state: ComputeState): Actions {
  return {
    AllocateEipAddress: {
      parameters: [
        'RegionId',
        'ClientToken?',
        'InstanceId?',
        'Name?',
        'Description?',
        'Bandwidth?',
        'InternetChargeType?',
        'InstanceChargeType?',
        'ISP?',
        'Netmode?',
      ],
      handle(call) {
        const { parameters } = call
        const { region } = state
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
        if (eipsInUse(state) >= state.limits.eips) throw refuse('QuotaExceeded.Eip')
        const eip = newEip({ ...wanted, address: nextAddress(region, state.eips.all()) })
        state.eips.add(eip)
        return {
          AllocationId: eip.id,
          EipAddress: eip.address,
          ResourceGroupId: DEFAULT_RESOURCE_GROUP,
        }
      },
    },
    /** Lists EIPs; a new one may be missing for a moment. */
    DescribeEipAddresses: listAction({
      parameters: ['RegionId', 'AllocationId?', 'EipAddress?', 'AssociatedInstanceType?'],
      all({ parameters, now }) {
        const ids = parameters.AllocationId?.split(',')
        const addresses = parameters.EipAddress?.split(',')
        const type = parameters.AssociatedInstanceType
        if (type !== undefined && type !== 'EcsInstance') {
          throw refuse('InvalidIAssociatedInstanceType.ValueNotSupported')
        }
        return state.eips
          .all()
          .filter(({ createdAt }) => now - createdAt >= state.consistencyMs)
          .filter(({ id }) => !ids || ids.includes(id))
          .filter(({ address }) => !addresses || addresses.includes(address))
          .filter(({ instanceId }) => type === undefined || instanceId !== undefined)
      },
      filters: {
        Status: ({ status }) => status,
        AssociatedInstanceId: ({ instanceId }) => instanceId,
      },
      paging: pages,
      answer: (eips) => ({ EipAddresses: { EipAddress: eips.map(describeEip) } }),
    }),
    /** Name, description and bandwidth. */
    ModifyEipAddressAttribute: {
      parameters: ['RegionId', 'AllocationId', 'Name?', 'Description?', 'Bandwidth?'],
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
    },
    /** Only an EIP that is not bound. */
    ReleaseEipAddress: {
      parameters: ['RegionId', 'AllocationId'],
      handle(call) {
        const eip = requireEip(state, call)
        if (eip.status !== 'Available') throw refuse('IncorrectEipStatus')
        state.eips.remove(eip.id)
        return {}
      },
    },
  }
}
