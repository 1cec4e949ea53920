import type { ActionParameters } from '../action.ts'
import { refuse } from './refusals.ts'
import { numberBetween } from './values.ts'

/** A page of a list, and what leads to the next one. */
export interface Page<Item> {
  items: Item[]
  /** NextToken, MaxResults and TotalCount of the answer. */
  about: { NextToken: string; MaxResults: number; TotalCount: number }
}

/**
 * The page that MaxResults (1 to 100, @default 20) and NextToken ask for.
 *
 * @throws ActionError IllegalParam
 */
export function pageOf<Item>(parameters: ActionParameters, all: readonly Item[]): Page<Item> {
  const most = numberBetween(parameters, 'MaxResults', [1, 100], 20)
  const token = parameters.NextToken || 'from-0'
  const start = Number(/^from-(\d{1,6})$/.exec(token)?.[1] ?? Number.NaN)
  if (Number.isNaN(start)) throw refuse('IllegalParam', 'NextToken')
  const next = start + most < all.length ? `from-${start + most}` : ''
  return {
    items: all.slice(start, start + most),
    about: { NextToken: next, MaxResults: most, TotalCount: all.length },
  }
}
