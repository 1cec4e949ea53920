/** How often each id is referred to. */
export class ReferenceCounts {
  readonly #counts = new Map<string, number>()

  add(id: string): void {
    this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1)
  }

  remove(id: string): void {
    const left = (this.#counts.get(id) ?? 1) - 1
    if (left > 0) this.#counts.set(id, left)
    else this.#counts.delete(id)
  }

  has(id: string): boolean {
    return this.#counts.has(id)
  }
}
