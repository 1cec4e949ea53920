import type { ActionCall, Actions } from '../action.ts'
import { pause } from '../durations.ts'
import { requireServiceLinkedRole } from '../ram/service-linked-roles.ts'
import { eipsInUse } from '../vpc/eip-quota.ts'
import type { AlbState } from './alb-state.ts'
import { takeZones } from './balancer-zones.ts'
import { applyToHardware } from './balancing.ts'
import { startJob } from './job.ts'
import { describeLoadBalancer, type LoadBalancer, newBalancerNames } from './load-balancer.ts'
import { requireActive, requireBalancer } from './lookup.ts'
import { refuse } from './refusals.ts'
import { TAG_PARAMETERS, tagsOfNew } from './tags-of-new.ts'
import { checkName, flag, oneOf } from './values.ts'

/** Returns the EIPs of a load balancer: one a zone where it faces the internet. */
function eipsOf(zones: LoadBalancer['zones']): string[] {
  return zones.map(({ allocationId }) => allocationId).filter((id) => id !== '')
}

function plan(state: AlbState, call: ActionCall): [LoadBalancer, () => void] {
  const { parameters } = call
  const { compute } = state
  const vpc = compute.vpcs.require(parameters.VpcId, refuse('ResourceNotFound', 'Vpc'))
  if ((parameters['LoadBalancerBillingConfig.PayType'] ?? '') !== 'PostPay') {
    throw refuse('IllegalParam', 'PayType')
  }
  if (parameters['LoadBalancerBillingConfig.BandwidthPackageId']) {
    throw refuse('ResourceNotFound', 'BandwidthPackage')
  }
  const addressType = oneOf(parameters, 'AddressType', ['Internet', 'Intranet'], 'Intranet')
  const editions = ['Basic', 'Standard', 'StandardWithWaf'] as const
  if (!parameters.LoadBalancerEdition) throw refuse('MissingParam', 'LoadBalancerEdition')
  oneOf(parameters, 'AddressIpVersion', ['IPv4'], 'IPv4')
  const { zones, interfaces } = takeZones(state, call, { vpcId: vpc.id, addressType })
  const eips = eipsOf(zones)
  if (eipsInUse(compute) + eips.length > compute.limits.eips)
    throw refuse('QuotaExceeded', 'EipsNum')
  const balancer: LoadBalancer = {
    ...newBalancerNames(call.region, addressType),
    region: call.region,
    createdAt: call.now,
    vpcId: vpc.id,
    addressType,
    addressAllocatedMode: oneOf(
      parameters,
      'AddressAllocatedMode',
      ['Fixed', 'Dynamic'],
      'Dynamic',
    ),
    edition: oneOf(parameters, 'LoadBalancerEdition', editions, 'Basic'),
    tags: tagsOfNew(call),
    zones,
    name: checkName(parameters, 'LoadBalancerName'),
    status: 'Provisioning',
    deletionProtection: flag(parameters, 'DeletionProtectionEnabled', false),
  }
  const take = () => {
    for (const each of interfaces) compute.interfaces.add(each)
    for (const eip of eips) compute.balancerEips.add(eip)
  }
  return [balancer, take]
}

/** Returns the actions on load balancers. */
export function loadBalancerActions(state: AlbState): Actions {
  return {
    /** In two zones or more: Provisioning, then Active. */
    CreateLoadBalancer: {
      parameters: [
        'VpcId',
        'AddressType',
        'LoadBalancerEdition',
        'ZoneMappings.N.ZoneId',
        'ZoneMappings.N.VSwitchId',
        'ClientToken?',
        'ResourceGroupId?',
        'LoadBalancerName?',
        'AddressAllocatedMode?',
        'AddressIpVersion?',
        'DeletionProtectionEnabled?',
        'ModificationProtectionConfig.Status?',
        'ModificationProtectionConfig.Reason?',
        'LoadBalancerBillingConfig.PayType?',
        'LoadBalancerBillingConfig.BandwidthPackageId?',
        'ZoneMappings.N.AllocationId?',
        'ZoneMappings.N.EipType?',
        'ZoneMappings.N.IntranetAddress?',
        ...TAG_PARAMETERS,
      ],
      handle(call) {
        requireServiceLinkedRole(state.compute, 'alb.aliyuncs.com')
        const [balancer, takeInterfaces] = plan(state, call)
        takeInterfaces()
        state.loadBalancers.add(balancer)
        void pause(state.compute.durations.loadBalancerMs).then(() => {
          balancer.status = 'Active'
        })
        return { LoadBalancerId: balancer.id }
      },
    },
    GetLoadBalancerAttribute: {
      parameters: ['LoadBalancerId'],
      handle: (call) => describeLoadBalancer(requireBalancer(state, call)),
    },
    /** Its listeners are deleted with it. */
    DeleteLoadBalancer: {
      parameters: ['LoadBalancerId', 'ClientToken?'],
      handle(call) {
        const balancer = requireBalancer(state, call)
        if (balancer.deletionProtection) throw refuse('OperationDenied', 'DeletionProtection')
        requireActive(balancer)
        balancer.status = 'Deleting'
        const job = { resourceId: balancer.id, resourceType: 'loadbalancer' } as const
        const { loadBalancerMs } = state.compute.durations
        return startJob(state, 'DeleteLoadBalancer', job, loadBalancerMs, () => {
          for (const listener of state.listeners.all()) {
            if (listener.loadBalancerId === balancer.id) state.listeners.remove(listener.id)
          }
          applyToHardware(state, balancer)
          state.loadBalancers.remove(balancer.id)
          for (const eip of eipsOf(balancer.zones)) state.compute.balancerEips.delete(eip)
          for (const id of balancer.zones.flatMap(({ interfaceIds }) => interfaceIds)) {
            state.compute.interfaces.remove(id)
          }
        })
      },
    },
  }
}
