import type { Action, ActionDefinition, Actions, Product } from './action.ts'
import { ClientTokens } from './client-token.ts'

export interface ProductOptions {
  /** As the location service knows the product, e.g. `ecs`. */
  code: string
  /** E.g. `2014-05-26`. */
  version: string
  /** Service name in RAM policies. @default `code` */
  ramCode?: string
  actions: Actions
}

/** Returns a product whose actions need `SERVICE:NAME` and honour the ClientToken that they take. */
export function defineProduct({ code, version, ramCode = code, actions }: ProductOptions): Product {
  const tokens = new ClientTokens()
  const complete = (name: string, definition: ActionDefinition): Action => {
    const action = { ...definition, permission: `${ramCode}:${name}` }
    return definition.parameters.includes('ClientToken?') ? tokens.idempotent(name, action) : action
  }
  return {
    code,
    version,
    actions: Object.fromEntries(
      Object.entries(actions).map(([name, definition]) => [name, complete(name, definition)]),
    ),
  }
}
