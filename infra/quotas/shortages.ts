/** How much of a quota a new stack needs, and how much is free. */
export interface QuotaNeed {
  /** What is counted, e.g. `EIPs`. */
  what: string
  /** Number that the stack creates. */
  needed: number
  /** Number that the account may have; undefined when the cloud does not say. */
  total: number | undefined
  /** Number that it has already; undefined when the cloud does not say. */
  used: number | undefined
}

/** Returns a sentence for each quota that has too little room. */
export function shortages(needs: readonly QuotaNeed[], region: string): string[] {
  return needs.flatMap(({ what, needed, total, used }) => {
    if (total === undefined || used === undefined) return []
    const free = Math.max(0, total - used)
    if (free >= needed) return []
    return [
      `The account's quota of ${what} in ${region} has room for ${free} more (${used} of ${total} are used), and this ` +
        `stack needs ${needed}: release what is not needed, or raise it in the Quota Center.`,
    ]
  })
}
