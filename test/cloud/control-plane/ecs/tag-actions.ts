import type { Action, ActionCall } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { listOf } from '../parameter-values.ts'
import { addTags, parseTags, type ResourceTags } from '../resource-tags.ts'
import { requireRegion } from './lookup.ts'
import { refuse } from './refusals.ts'

function tagsByType(
  state: ComputeState,
  region: string,
): Record<string, Map<string, ResourceTags>> {
  const instances = state.instances.in(region)
  return {
    instance: new Map(instances.map(({ id, tags }) => [id, tags])),
    disk: new Map(instances.map(({ disk }) => [disk.id, disk.tags])),
    eni: new Map(state.interfaces.in(region).map(({ id, tags }) => [id, tags])),
    securitygroup: new Map(state.securityGroups.in(region).map(({ id, tags }) => [id, tags])),
  }
}

function taggedResources(state: ComputeState, call: ActionCall): ResourceTags[] {
  const region = requireRegion(state, call)
  const byId = tagsByType(state, region)[(call.parameters.ResourceType ?? '').toLowerCase()]
  if (!byId) throw refuse('InvalidResourceType.NotFound')
  const ids = listOf(call.parameters, 'ResourceId')
  if (ids.length === 0) throw refuse('MissingParameter')
  if (ids.length > 50) throw refuse('NumberExceed.ResourceIds')
  return ids.map((id) => {
    const tags = byId.get(id)
    if (!tags) throw refuse('InvalidResourceId.NotFound')
    return tags
  })
}

/** Puts tags on instances, disks, network interfaces or security groups. */
export function tagEcsResources(state: ComputeState): Action {
  return {
    permission: 'ecs:TagResources',
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

/** Takes tags off: those named, or all with `All=true`. */
export function untagEcsResources(state: ComputeState): Action {
  return {
    permission: 'ecs:UntagResources',
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
      if (keys.length === 0 && call.parameters.All !== 'true') {
        throw refuse('MissingParameter.TagKey')
      }
      for (const tags of resources) {
        for (const key of keys.length > 0 ? keys : [...tags.keys()]) tags.delete(key)
      }
      return {}
    },
  }
}

/** Lists tags of resources; public images have none. */
export function describeTags(state: ComputeState): Action {
  return {
    permission: 'ecs:DescribeTags',
    parameters: { RegionId: 'required', ResourceType: 'optional', ResourceId: 'optional' },
    handle(call) {
      const { ResourceType, ResourceId } = call.parameters
      const region = requireRegion(state, call)
      const known = { image: new Map<string, ResourceTags>(), ...tagsByType(state, region) }
      if (ResourceType !== undefined && !(ResourceType in known)) {
        throw refuse('InvalidResourceType.NotFound')
      }
      const tags = Object.entries(known)
        .filter(([type]) => ResourceType === undefined || type === ResourceType)
        .flatMap(([, byId]) => [...byId])
        .filter(([id]) => ResourceId === undefined || id === ResourceId)
        .flatMap(([, resourceTags]) => [...resourceTags])
      return {
        PageNumber: 1,
        PageSize: 50,
        TotalCount: tags.length,
        Tags: { Tag: tags.map(([TagKey, TagValue]) => ({ TagKey, TagValue })) },
      }
    },
  }
}
