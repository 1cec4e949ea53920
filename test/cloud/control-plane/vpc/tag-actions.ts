import type { Action, ActionCall } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { listOf } from '../parameter-values.ts'
import { addTags, parseTags, type ResourceTags } from '../resource-tags.ts'
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
  return {
    permission: 'vpc:TagResources',
    parameters: {
      RegionId: 'required',
      ResourceType: 'required',
      'ResourceId.N': 'required',
      'Tag.N.Key': 'required',
      'Tag.N.Value': 'optional',
    },
    handle(call) {
      const resources = taggedResources(state, call)
      const added = parseTags(call.parameters)
      if (added.size === 0) throw refuse('MissingParameter')
      for (const tags of resources) addTags(tags, added)
      return {}
    },
  }
}

/** Takes tags off VPCs, vSwitches or EIPs: those named, or all with `All=true`. */
export function untagVpcResources(state: ComputeState): Action {
  return {
    permission: 'vpc:UnTagResources',
    parameters: {
      RegionId: 'required',
      ResourceType: 'required',
      'ResourceId.N': 'required',
      'TagKey.N': 'optional',
      All: 'optional',
    },
    handle(call) {
      const resources = taggedResources(state, call)
      const keys = listOf(call.parameters, 'TagKey')
      const all = call.parameters.All === 'true'
      if (keys.length === 0 && !all) throw refuse('MissingParameter.TagKey')
      for (const tags of resources) {
        for (const key of keys.length > 0 ? keys : [...tags.keys()]) tags.delete(key)
      }
      return {}
    },
  }
}
