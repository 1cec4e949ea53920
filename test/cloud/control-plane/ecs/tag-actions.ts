import type { Action, ActionCall } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { listOf } from '../parameter-values.ts'
import type { ResourceTags } from '../resource-tags.ts'
import { tagResources, untagResources } from '../tagging-actions.ts'
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
  return tagResources('ecs:TagResources', {
    resources: (call) => taggedResources(state, call),
    refuse,
  })
}

/** Takes tags off instances, disks, network interfaces or security groups. */
export function untagEcsResources(state: ComputeState): Action {
  return untagResources('ecs:UntagResources', {
    resources: (call) => taggedResources(state, call),
    refuse,
  })
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
