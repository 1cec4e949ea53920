import type { Action, ActionCall } from '../action.ts'
import { optional } from '../optional-parameters.ts'
import { pause } from '../pace.ts'
import { recordsOf } from '../parameter-values.ts'
import { parseTags, type ResourceTags } from '../resource-tags.ts'
import type { AlbState } from './alb-state.ts'
import { takeZones } from './balancer-zones.ts'
import { tellHardware } from './balancing.ts'
import { beginJob } from './job.ts'
import {
  type BalancerZone,
  describeLoadBalancer,
  type LoadBalancer,
  newBalancerNames,
} from './load-balancer.ts'
import { requireActive, requireBalancer } from './lookup.ts'
import { refuse } from './refusals.ts'
import { checkName, endDryRun, oneOf, truthOf } from './values.ts'

/** Tags of a new resource: the provider names them `Tags.N`, the reference `Tag.N`. */
export function tagsOfNew(call: ActionCall): ResourceTags {
  const named = recordsOf(call.parameters, 'Tags').map(({ Key = '', Value = '' }, index) => [
    [`Tag.${index + 1}.Key`, Key],
    [`Tag.${index + 1}.Value`, Value],
  ])
  return parseTags({ ...call.parameters, ...Object.fromEntries(named.flat()) })
}

/** Parameters of tags, under either name. */
export const TAG_PARAMETERS = ['Tag.N.Key', 'Tag.N.Value', 'Tags.N.Key', 'Tags.N.Value']

function plan(state: AlbState, call: ActionCall): [LoadBalancer, () => void] {
  const { parameters } = call
  const { compute } = state
  const vpc = compute.vpcs.find(parameters.VpcId, call.region)
  if (!vpc) throw refuse('ResourceNotFound', 'Vpc')
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
    deletionProtection: truthOf(parameters, 'DeletionProtectionEnabled', false),
  }
  const take = () => {
    for (const each of interfaces) compute.interfaces.add(each)
  }
  return [balancer, take]
}

/** Makes a load balancer in two zones or more: Provisioning, then Active. */
export function createLoadBalancer(state: AlbState): Action {
  return {
    permission: 'alb:CreateLoadBalancer',
    parameters: {
      VpcId: 'required',
      AddressType: 'required',
      LoadBalancerEdition: 'required',
      'ZoneMappings.N.ZoneId': 'required',
      'ZoneMappings.N.VSwitchId': 'required',
      ...optional(
        'ClientToken',
        'DryRun',
        'ResourceGroupId',
        'LoadBalancerName',
        'AddressAllocatedMode',
        'AddressIpVersion',
        'DeletionProtectionEnabled',
        'ModificationProtectionConfig.Status',
        'ModificationProtectionConfig.Reason',
        'LoadBalancerBillingConfig.PayType',
        'LoadBalancerBillingConfig.BandwidthPackageId',
        'ZoneMappings.N.AllocationId',
        'ZoneMappings.N.EipType',
        'ZoneMappings.N.IntranetAddress',
        ...TAG_PARAMETERS,
      ),
    },
    handle(call) {
      const [balancer, takeInterfaces] = plan(state, call)
      endDryRun(call.parameters)
      takeInterfaces()
      state.loadBalancers.add(balancer)
      void pause(state.compute.pace.loadBalancerMs).then(() => {
        balancer.status = 'Active'
      })
      return { LoadBalancerId: balancer.id }
    },
  }
}

/** Shows a load balancer; 404 for one that is not there. */
export function getLoadBalancerAttribute(state: AlbState): Action {
  return {
    permission: 'alb:GetLoadBalancerAttribute',
    parameters: { LoadBalancerId: 'required' },
    handle: (call) => describeLoadBalancer(requireBalancer(state, call)),
  }
}

/** Takes a load balancer away, with its listeners. */
export function deleteLoadBalancer(state: AlbState): Action {
  return {
    permission: 'alb:DeleteLoadBalancer',
    parameters: { LoadBalancerId: 'required', ...optional('ClientToken', 'DryRun') },
    handle(call) {
      const balancer = requireBalancer(state, call)
      if (balancer.deletionProtection) throw refuse('OperationDenied', 'DeletionProtection')
      requireActive(balancer)
      endDryRun(call.parameters)
      balancer.status = 'Deleting'
      const about = { apiName: 'DeleteLoadBalancer', operateType: 'Delete' } as const
      return jobAnswer(state, balancer, about, () => {
        for (const listener of state.listeners.all()) {
          if (listener.loadBalancerId === balancer.id) state.listeners.remove(listener.id)
        }
        tellHardware(state, balancer)
        state.loadBalancers.remove(balancer.id)
        releaseInterfaces(state, balancer.zones)
      })
    },
  }
}

function jobAnswer(
  state: AlbState,
  balancer: LoadBalancer,
  about: { apiName: string; operateType: 'Update' | 'Delete' },
  finish: () => void,
): object {
  const { id: resourceId, region } = balancer
  const resourceType = 'loadbalancer' as const
  const job = beginJob(
    state,
    { ...about, region, resourceId, resourceType },
    state.compute.pace.loadBalancerMs,
    finish,
  )
  return { JobId: job.id }
}

function releaseInterfaces(state: AlbState, zones: readonly BalancerZone[]): void {
  for (const id of zones.flatMap(({ interfaceIds }) => interfaceIds)) {
    state.compute.interfaces.remove(id)
  }
}
