import type { ActionCall, ActionDefinition, ActionParameters } from './action.ts'
import type { Paging } from './paging.ts'
import { listOf } from './parameter-values.ts'

/** How an action lists resources of one kind. */
export interface Listing<Item> {
  /** Other parameters of the action. @default none */
  parameters?: readonly string[]
  /** @throws ActionError for other parameters that are not valid */
  all(call: ActionCall): readonly Item[]
  /**
   * What a parameter is compared with: `Name` selects items that have that value or have it in a
   * list, `Name.N` those that have one of several. A parameter that is absent or empty selects all.
   */
  filters: Readonly<Record<string, (item: Item) => string | readonly string[] | undefined>>
  paging: Paging
  /** Returns the answer, to which what `paging` says is added. */
  answer(items: readonly Item[], call: ActionCall): object
}

/** Returns an action that lists what its filters select; an empty list is no error. */
export function listAction<Item>(listing: Listing<Item>): ActionDefinition {
  const { parameters = [], all, filters, paging, answer } = listing
  return {
    parameters: [
      ...parameters,
      ...Object.keys(filters).map((name) => `${name}?`),
      ...paging.parameters,
    ],
    handle(call) {
      const found = all(call).filter((item) =>
        Object.entries(filters).every(([name, read]) => selects(call.parameters, name, read(item))),
      )
      const { items, about } = paging.page(call.parameters, found)
      return { ...about, ...answer(items, call) }
    },
  }
}

function selects(
  parameters: ActionParameters,
  name: string,
  value: string | readonly string[] | undefined,
): boolean {
  const wanted = name.endsWith('.N')
    ? listOf(parameters, name.slice(0, -'.N'.length))
    : [parameters[name] ?? '']
  const named = wanted.filter((text) => text !== '')
  return named.length === 0 || [value].flat().some((each) => each && named.includes(each))
}
