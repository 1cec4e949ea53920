/** Files that operating systems put into folders. */
const SYSTEM_FILES: ReadonlySet<string> = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini'])

/** Returns whether a file was not put into its folder by the user. */
export function isSystemFile(relativePath: string): boolean {
  const slash = relativePath.lastIndexOf('/')
  // One that is selected by itself is meant.
  return slash > 0 && SYSTEM_FILES.has(relativePath.slice(slash + 1))
}

/** Counts the system files of a selection, and reports them once. */
export class SystemFileCounter {
  readonly #onCount: (count: number) => void
  #count = 0

  /** @param onCount Called when the whole selection has been added */
  constructor(onCount: (count: number) => void) {
    this.#onCount = onCount
  }

  add(): void {
    if (this.#count === 0) {
      setTimeout(() => {
        this.#onCount(this.#count)
        this.#count = 0
      })
    }
    this.#count += 1
  }
}
