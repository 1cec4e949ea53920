import { expect } from 'vitest'
import { matchesWildcard, type RamPolicy } from '../../../app/oss/index.ts'

/** Returns the actions of policies, as they are written. */
export function actionsOf(...policies: readonly RamPolicy[]): string[] {
  return policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action ?? []))
}

/**
 * Expects that the policies allow what was called, and that each action in them was called. Patterns, which
 * leave room for what newer versions of the provider read, must match a call.
 *
 * @param room Actions that only a newer cloud or provider needs
 */
export function expectMeasured(
  used: readonly string[],
  documented: readonly string[],
  room: readonly string[] = [],
): void {
  const calls = (pattern: string) => used.filter((action) => matchesWildcard(pattern, action))
  const matched = documented.flatMap(calls)
  expect(used.filter((action) => !matched.includes(action))).toEqual([])
  expect(documented.filter((pattern) => calls(pattern).length === 0)).toEqual(room)
}
