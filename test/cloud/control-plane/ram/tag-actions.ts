import { ActionError, type ActionParameters, type Actions } from '../action.ts'
import { readJsonList, readTags } from './parameter-text.ts'
import type { RamDirectory } from './ram-directory.ts'
import { notExist } from './ram-errors.ts'

interface Tagged {
  type: string
  name: string
  id: string
  tags: Map<string, string>
}

/** Returns the actions on tags of roles and policies. Source: "Tag management", RAM 2015-05-01. */
export function ramTagActions(directory: RamDirectory): Actions {
  const asked = (parameters: ActionParameters): Tagged[] =>
    namesOf(parameters).map((name) => findTagged(directory, parameters.ResourceType ?? '', name))
  const resources = (parameters: ActionParameters): string[] =>
    namesOf(parameters).map((name) => `${parameters.ResourceType}/${name}`)
  const common = ['ResourceType', 'ResourceNames?', 'ResourceName.N?']
  return {
    ListTagResources: {
      resources,
      parameters: common,
      handle: ({ parameters }) => ({
        // A plain list, unlike other lists of this API, because the provider reads it so.
        TagResources: asked(parameters).flatMap(({ type, name, id, tags }) =>
          [...tags].map(([TagKey, TagValue]) => ({
            ResourceType: type,
            ResourceName: name,
            ResourceId: id,
            TagKey,
            TagValue,
          })),
        ),
      }),
    },
    TagResources: {
      resources,
      parameters: [...common, 'Tag?', 'Tag.N.Key?', 'Tag.N.Value?'],
      handle: ({ parameters }) => {
        const added = readTags(parameters)
        if (added.size === 0) {
          throw new ActionError(400, 'MissingParameter.Tag', 'At least one tag is needed.')
        }
        for (const { tags } of asked(parameters)) {
          for (const [key, value] of added) tags.set(key, value)
        }
        return {}
      },
    },
    UntagResources: {
      resources,
      parameters: [...common, 'TagKeys?', 'TagKey.N?', 'All?'],
      handle: ({ parameters }) => {
        const keys = listOf(parameters, 'TagKeys', 'TagKey')
        for (const { tags } of asked(parameters)) {
          if (parameters.All === 'true' && keys.length === 0) tags.clear()
          for (const key of keys) tags.delete(key)
        }
        return {}
      },
    },
  }
}

function namesOf(parameters: ActionParameters): string[] {
  return listOf(parameters, 'ResourceNames', 'ResourceName')
}

/** Returns a JSON list in one parameter and a numbered list are the same here. */
function listOf(parameters: ActionParameters, json: string, numbered: string): string[] {
  const list = parameters[json] === undefined ? [] : readJsonList(parameters, json).map(String)
  for (let i = 1; parameters[`${numbered}.${i}`] !== undefined; i += 1) {
    list.push(parameters[`${numbered}.${i}`] ?? '')
  }
  return [...new Set(list)]
}

function findTagged(directory: RamDirectory, type: string, name: string): Tagged {
  if (type === 'policy') {
    const policy = directory.customPolicies.get(name)
    if (!policy) throw notExist('Policy', name)
    return { type, name, id: name, tags: policy.tags }
  }
  if (type === 'role') {
    const role = directory.roles.get(name)
    if (!role) throw notExist('Role', name)
    return { type, name, id: role.roleId, tags: role.tags }
  }
  throw new ActionError(
    400,
    'InvalidParameter.ResourceType',
    'ResourceType must be policy or role.',
  )
}
