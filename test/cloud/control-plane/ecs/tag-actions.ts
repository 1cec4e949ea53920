import type { Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import type { ResourceTags } from '../resource-tags.ts'
import { tagActions } from '../tag-actions.ts'
import { refuse } from './refusals.ts'

type TagsById = ReadonlyMap<string, ResourceTags>

function tagsByType(state: ComputeState): Record<string, TagsById> {
  const byId = (tagged: readonly { id: string; tags: ResourceTags }[]): TagsById =>
    new Map(tagged.map(({ id, tags }) => [id, tags]))
  const instances = state.instances.all()
  return {
    instance: byId(instances),
    disk: byId(instances.map(({ disk }) => disk)),
    eni: byId(state.interfaces.all()),
    securitygroup: byId(state.securityGroups.all()),
  }
}

/** Returns the actions on tags of instances, disks, network interfaces and security groups. */
export function ecsTagActions(state: ComputeState): Actions {
  const types = Object.keys(tagsByType(state))
  return {
    ...tagActions({
      types: Object.fromEntries(
        types.map((type) => [type, (id: string) => tagsByType(state)[type]?.get(id)]),
      ),
      most: 50,
      untag: 'UntagResources',
      refuse: (code) => refuse(code),
    }),
    /** Public images have no tags. */
    DescribeTags: {
      parameters: ['RegionId', 'ResourceType?', 'ResourceId?'],
      handle(call) {
        const { ResourceType, ResourceId } = call.parameters
        const known: Record<string, TagsById> = { image: new Map(), ...tagsByType(state) }
        if (ResourceType !== undefined && !known[ResourceType]) {
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
    },
  }
}
