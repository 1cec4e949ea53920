/** A resource in the output of `pulumi stack export`. */
export interface StateResource {
  urn: string
  /** For each input, the URNs of the resources whose outputs it uses. */
  propertyDependencies?: Readonly<Record<string, readonly string[] | null>>
}

/** Resources that depend on each other, in order of creation, and the time that this takes. */
export interface CriticalPath {
  urns: string[]
  milliseconds: number
}

/**
 * Returns the longest chain of resources of which each uses outputs of the one before: however parallel,
 * the stack cannot be created faster. Dependencies by `dependsOn` alone do not count.
 *
 * @param spent Milliseconds that creating a resource takes, by URN; 0 when absent
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
