import type { Actions } from '../action.ts'
import { listAction } from '../list-action.ts'
import { EVERYTHING } from '../paging.ts'
import { tagActions } from '../tag-actions.ts'
import type { EssState } from './ess-state.ts'
import { refuse } from './refusals.ts'

/** Returns the actions on tags of scaling groups. */
export function essTagActions(state: EssState): Actions {
  return {
    ...tagActions({
      types: { scalinggroup: (id) => state.groups.get(id)?.tags },
      most: 50,
      untag: 'UntagResources',
      refuse: (code) => refuse(code),
    }),
    ListTagResources: listAction({
      parameters: ['ResourceType', 'NextToken?'],
      all({ parameters }) {
        if (parameters.ResourceType?.toLowerCase() !== 'scalinggroup') {
          throw refuse('InvalidResourceType.NotFound')
        }
        return state.groups.all()
      },
      filters: { 'ResourceId.N': ({ id }) => id },
      paging: EVERYTHING,
      answer: (groups) => ({
        NextToken: '',
        TagResources: {
          TagResource: groups.flatMap(({ id, tags }) =>
            [...tags].map(([TagKey, TagValue]) => ({
              ResourceId: id,
              ResourceType: 'scalinggroup',
              TagKey,
              TagValue,
              Propagate: false,
            })),
          ),
        },
      }),
    }),
  }
}
