/** What every resource of a region has. */
export interface RegionalResource {
  readonly id: string
  readonly region: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** The resources of one kind of an account, in the order of their creation. */
export class ResourceStore<Resource extends RegionalResource> {
  readonly #byId = new Map<string, Resource>()

  add(resource: Resource): void {
    this.#byId.set(resource.id, resource)
  }

  remove(id: string): void {
    this.#byId.delete(id)
  }

  /** The resource, unless it is not there or in another region. */
  find(id: string | undefined, region: string): Resource | undefined {
    const resource = id === undefined ? undefined : this.#byId.get(id)
    return resource?.region === region ? resource : undefined
  }

  /** The resource of this id in whatever region. */
  get(id: string): Resource | undefined {
    return this.#byId.get(id)
  }

  /** All of a region. */
  in(region: string): Resource[] {
    return this.all().filter((resource) => resource.region === region)
  }

  all(): Resource[] {
    return [...this.#byId.values()]
  }
}
