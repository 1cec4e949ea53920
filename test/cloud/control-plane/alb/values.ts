import type { ActionParameters } from '../action.ts'
import { truth, wholeNumber } from '../parameter-values.ts'
import { dryRunPassed, refuse } from './refusals.ts'

/** The last part of a parameter's name, as refusals call it. */
function shortName(name: string): string {
  return name.split('.').at(-1) ?? name
}

/**
 * A whole number within bounds.
 *
 * @param usual Where the parameter is not there or empty
 * @throws ActionError IllegalParam
 */
export function numberBetween(
  parameters: ActionParameters,
  name: string,
  [least, most]: readonly [least: number, most: number],
  usual: number,
): number {
  const text = parameters[name] ?? ''
  if (text === '') return usual
  const value = wholeNumber(text)
  if (value === undefined || value < least || value > most) {
    throw refuse('IllegalParam', shortName(name))
  }
  return value
}

/** @throws ActionError IllegalParam */
export function truthOf(parameters: ActionParameters, name: string, usual: boolean): boolean {
  const text = parameters[name] ?? ''
  if (text === '') return usual
  const value = truth(text)
  if (value === undefined) throw refuse('IllegalParam', shortName(name))
  return value
}

/** One of several texts, as it is written among them. @throws ActionError IllegalParam */
export function oneOf<Value extends string>(
  parameters: ActionParameters,
  name: string,
  values: readonly Value[],
  usual: Value,
): Value {
  const text = parameters[name] ?? ''
  if (text === '') return usual
  const value = values.find((each) => each === text)
  if (value === undefined) throw refuse('IllegalParam', shortName(name))
  return value
}

/** A resource's name: 2 to 128 characters that begin with a letter. @throws ActionError */
export function checkName(parameters: ActionParameters, name: string): string {
  const text = parameters[name] ?? ''
  if (text === '') return ''
  if (!/^\p{L}[\p{L}\p{N}._-]{1,127}$/u.test(text)) throw refuse('IllegalParam', name)
  return text
}

/** Ends a call that was only to be checked. @throws ActionError DryRunOperation */
export function endDryRun(parameters: ActionParameters): void {
  if (truthOf(parameters, 'DryRun', false)) throw dryRunPassed()
}
