import type { ActionError, ActionParameters } from './action.ts'
import type { ParameterReaders } from './parameter-readers.ts'

/** How an action returns a list in pages. */
export interface Paging {
  /** Parameters that choose the page. */
  parameters: readonly string[]
  /**
   * Returns the page's items and what the answer says about the page.
   *
   * @throws ActionError for a page that cannot exist
   */
  page<Item>(parameters: ActionParameters, all: readonly Item[]): { items: Item[]; about: object }
}

/**
 * Pages by PageNumber (@default 1) and PageSize (@default 10).
 *
 * @param most Largest PageSize
 */
export function numberedPages({ numberBetween }: ParameterReaders, most: number): Paging {
  return {
    parameters: ['PageNumber?', 'PageSize?'],
    page(parameters, all) {
      const number = numberBetween(parameters, 'PageNumber', [1, 100_000], 1)
      const size = numberBetween(parameters, 'PageSize', [1, most], 10)
      return {
        items: all.slice((number - 1) * size, number * size),
        about: { PageNumber: number, PageSize: size, TotalCount: all.length },
      }
    },
  }
}

/** Pages by MaxResults (1 to 100, @default 20) and NextToken. */
export function tokenPages(
  { numberBetween }: ParameterReaders,
  invalid: (name: string) => ActionError,
): Paging {
  return {
    parameters: ['MaxResults?', 'NextToken?'],
    page(parameters, all) {
      const size = numberBetween(parameters, 'MaxResults', [1, 100], 20)
      const token = parameters.NextToken || 'from-0'
      const start = Number(/^from-(\d{1,6})$/.exec(token)?.[1] ?? Number.NaN)
      if (Number.isNaN(start)) throw invalid('NextToken')
      const next = start + size < all.length ? `from-${start + size}` : ''
      return {
        items: all.slice(start, start + size),
        about: { NextToken: next, MaxResults: size, TotalCount: all.length },
      }
    },
  }
}

/** One page of ten, for lists that never have more items here. */
export const ONE_PAGE: Paging = {
  parameters: [],
  page: (_parameters, all) => ({
    items: [...all],
    about: { PageNumber: 1, PageSize: 10, TotalCount: all.length },
  }),
}

/** Everything, without fields about pages. */
export const EVERYTHING: Paging = {
  parameters: [],
  page: (_parameters, all) => ({ items: [...all], about: {} }),
}
