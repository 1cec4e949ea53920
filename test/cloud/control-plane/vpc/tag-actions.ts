import type { Action, ActionCall } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { listOf } from '../parameter-values.ts'
import type { ResourceTags } from '../resource-tags.ts'
import { tagResources, untagResources } from '../tagging-actions.ts'
import { requireRegion } from './lookup.ts'
import { refuse } from './refusals.ts'

function taggedResources(state: ComputeState, call: ActionCall): ResourceTags[] {
  const region = requireRegion(state, call)
  const stores = { VPC: state.vpcs, VSWITCH: state.vSwitches, EIP: state.eips }
  const type = call.parameters.ResourceType ?? ''
  const store = Object.entries(stores).find(([name]) => name === type)?.[1]
  if (!store) throw refuse('InvalidResourceType.NotFound')
  const ids = listOf(call.parameters, 'ResourceId')
  if (ids.length === 0) throw refuse('MissingParameter')
  if (ids.length > 20) throw refuse('NumberExceed.ResourceIds')
  return ids.map((id) => {
    const resource = store.find(id, region)
    if (!resource) throw refuse('InvalidResourceId.NotFound')
    return resource.tags
  })
}

/** Puts tags on VPCs, vSwitches or EIPs. */
export function tagVpcResources(state: ComputeState): Action {
  return tagResources('vpc:TagResources', {
    resources: (call) => taggedResources(state, call),
    refuse,
  })
}

/** Takes tags off VPCs, vSwitches or EIPs. */
export function untagVpcResources(state: ComputeState): Action {
  return untagResources('vpc:UnTagResources', {
    resources: (call) => taggedResources(state, call),
    refuse,
  })
}
