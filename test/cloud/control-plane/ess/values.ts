import type { ActionParameters } from '../action.ts'
import { truth, wholeNumber } from '../parameter-values.ts'
import { invalid } from './refusals.ts'

/**
 * A whole number within bounds; undefined where the parameter is not there or empty.
 *
 * @throws ActionError InvalidParameter
 */
export function wholeBetween(
  parameters: ActionParameters,
  name: string,
  [least, most]: readonly [least: number, most: number],
): number | undefined {
  const text = parameters[name] ?? ''
  if (text === '') return undefined
  const value = wholeNumber(text)
  if (value === undefined || value < least || value > most) throw invalid(name)
  return value
}

/** Undefined where the parameter is not there or empty. @throws ActionError InvalidParameter */
export function truthOf(parameters: ActionParameters, name: string): boolean | undefined {
  const text = parameters[name] ?? ''
  if (text === '') return undefined
  const value = truth(text)
  if (value === undefined) throw invalid(name)
  return value
}

/** One of several texts; undefined where there is none. @throws ActionError InvalidParameter */
export function oneOf<Value extends string>(
  parameters: ActionParameters,
  name: string,
  values: readonly Value[],
): Value | undefined {
  const text = parameters[name] ?? ''
  if (text === '') return undefined
  const value = values.find((each) => each === text)
  if (value === undefined) throw invalid(name)
  return value
}

/**
 * A name of 2 to 64 letters, digits, underscores, hyphens and periods that begins with a letter or
 * digit; undefined where there is none.
 *
 * @throws ActionError InvalidParameter
 */
export function nameOf(parameters: ActionParameters, name: string): string | undefined {
  const text = parameters[name] ?? ''
  if (text === '') return undefined
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]{1,63}$/u.test(text)) throw invalid(name)
  return text
}

/** A page of a list, by PageNumber (@default 1) and PageSize (@default 10, at most 50). */
export function pageOf<Item>(
  parameters: ActionParameters,
  all: readonly Item[],
): { items: Item[]; about: { PageNumber: number; PageSize: number; TotalCount: number } } {
  const number = wholeBetween(parameters, 'PageNumber', [1, 100_000]) ?? 1
  const size = wholeBetween(parameters, 'PageSize', [1, 50]) ?? 10
  return {
    items: all.slice((number - 1) * size, number * size),
    about: { PageNumber: number, PageSize: size, TotalCount: all.length },
  }
}
