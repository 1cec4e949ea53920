import type { ActionError } from './action.ts'

/** What every resource has. */
export interface Resource {
  readonly id: string
  readonly region: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** Resources of one kind in one region of an account, in the order of creation. */
export class ResourceStore<Item extends Resource> {
  readonly #byId = new Map<string, Item>()

  add(item: Item): void {
    this.#byId.set(item.id, item)
  }

  remove(id: string): void {
    this.#byId.delete(id)
  }

  get(id: string | undefined): Item | undefined {
    return id === undefined ? undefined : this.#byId.get(id)
  }

  /** @throws `refusal` when no resource has the id */
  require(id: string | undefined, refusal: ActionError): Item {
    const item = this.get(id)
    if (!item) throw refusal
    return item
  }

  all(): Item[] {
    return [...this.#byId.values()]
  }

  get size(): number {
    return this.#byId.size
  }
}
