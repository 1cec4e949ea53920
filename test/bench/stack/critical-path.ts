/** A resource of a stack's state, as `pulumi stack export` tells it. */
export interface StateResource {
  urn: string
  /** URNs whose outputs each input is made of. */
  propertyDependencies?: Readonly<Record<string, readonly string[] | null>>
}

/** Resources that had to wait for each other, the first first, and how long that takes at least. */
export interface CriticalPath {
  urns: string[]
  milliseconds: number
}

/**
 * The longest chain of resources each of which is made of outputs of the one before: no order and no
 * amount of work at once creates a stack faster. What the program merely asks to wait for each other
 * (`dependsOn`) makes no chain.
 *
 * @param spent Milliseconds that creating takes, by URN; nothing for a resource that is not in there
 */
export function criticalPath(
  resources: readonly StateResource[],
  spent: ReadonlyMap<string, number>,
): CriticalPath {
  const known = new Map(resources.map((resource) => [resource.urn, resource]))
  const found = new Map<string, CriticalPath>()
  const endingAt = (urn: string): CriticalPath => {
    const before = found.get(urn)
    if (before) return before
    const needed = Object.values(known.get(urn)?.propertyDependencies ?? {})
      .flatMap((urns) => urns ?? [])
      .map(endingAt)
    const { urns, milliseconds } = longest(needed)
    const path = { urns: [...urns, urn], milliseconds: milliseconds + (spent.get(urn) ?? 0) }
    found.set(urn, path)
    return path
  }
  return longest(resources.map(({ urn }) => endingAt(urn)))
}

function longest(paths: readonly CriticalPath[]): CriticalPath {
  return paths.reduce((most, path) => (path.milliseconds > most.milliseconds ? path : most), {
    urns: [],
    milliseconds: 0,
  })
}
