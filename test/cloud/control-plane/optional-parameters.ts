import type { ParameterNeed } from './action.ts'

/** Parameters that an action takes but does not need, by name. */
export function optional(...names: readonly string[]): Record<string, ParameterNeed> {
  return Object.fromEntries(names.map((name) => [name, 'optional']))
}
