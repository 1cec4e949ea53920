import type { ActionError, ActionParameters } from './action.ts'
import { truth, wholeNumber } from './parameter-values.ts'

/** Read typed values; a parameter that is absent or empty has the value of `otherwise`. */
export interface ParameterReaders {
  /** Reads a whole number within bounds. */
  numberBetween<Otherwise extends number | undefined = undefined>(
    parameters: ActionParameters,
    name: string,
    bounds: readonly [least: number, most: number],
    otherwise?: Otherwise,
  ): number | Otherwise
  /** Reads `true` or `false`, in any case. */
  flag<Otherwise extends boolean | undefined = undefined>(
    parameters: ActionParameters,
    name: string,
    otherwise?: Otherwise,
  ): boolean | Otherwise
  /** Reads one of several texts. */
  oneOf<Value extends string, Otherwise extends string | undefined = undefined>(
    parameters: ActionParameters,
    name: string,
    values: readonly Value[],
    otherwise?: Otherwise,
  ): Value | Otherwise
}

/** @param invalid The refusal of a parameter's value, in the product's own words */
export function parameterReaders(invalid: (name: string) => ActionError): ParameterReaders {
  const read = <Value, Otherwise>(
    parameters: ActionParameters,
    name: string,
    parse: (text: string) => Value | undefined,
    otherwise: Otherwise | undefined,
  ): Value | Otherwise => {
    const text = parameters[name] ?? ''
    if (text === '') return otherwise as Otherwise
    const value = parse(text)
    if (value === undefined) throw invalid(name)
    return value
  }
  return {
    numberBetween(parameters, name, [least, most], otherwise) {
      const parse = (text: string) => {
        const value = wholeNumber(text)
        return value !== undefined && value >= least && value <= most ? value : undefined
      }
      return read(parameters, name, parse, otherwise)
    },
    flag: (parameters, name, otherwise) => read(parameters, name, truth, otherwise),
    oneOf: (parameters, name, values, otherwise) =>
      read(parameters, name, (text) => values.find((value) => value === text), otherwise),
  }
}
