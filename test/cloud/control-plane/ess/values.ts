import type { ActionParameters } from '../action.ts'
import { numberedPages } from '../paging.ts'
import { parameterReaders } from '../parameter-readers.ts'
import { invalid } from './refusals.ts'

const readers = parameterReaders(invalid)

export const { numberBetween, flag, oneOf } = readers

/** The largest page of ESS lists has 50 items. */
export const pages = numberedPages(readers, 50)

/**
 * Reads a name of 2 to 64 letters, digits, underscores, hyphens and periods that begins with a
 * letter or digit; undefined where there is none.
 *
 * @throws ActionError InvalidParameter
 */
export function nameOf(parameters: ActionParameters, name: string): string | undefined {
  const text = parameters[name] ?? ''
  if (text === '') return undefined
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]{1,63}$/u.test(text)) throw invalid(name)
  return text
}
