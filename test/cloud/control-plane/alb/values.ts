import type { ActionParameters } from '../action.ts'
import { tokenPages } from '../paging.ts'
import { parameterReaders } from '../parameter-readers.ts'
import { refuse } from './refusals.ts'

/** Refusals name a parameter by the last part of its name. */
const invalid = (name: string) => refuse('IllegalParam', name.split('.').at(-1) ?? name)

const readers = parameterReaders(invalid)

export const { numberBetween, flag, oneOf } = readers

export const pages = tokenPages(readers, invalid)

/** Reads a resource's name: 2 to 128 characters that begin with a letter. @throws ActionError */
export function checkName(parameters: ActionParameters, name: string): string {
  const text = parameters[name] ?? ''
  if (text === '') return ''
  if (!/^\p{L}[\p{L}\p{N}._-]{1,127}$/u.test(text)) throw invalid(name)
  return text
}
