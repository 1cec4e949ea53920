/** A result to be read out. */
export interface Announcement {
  text: string
  /** Language tag. */
  lang: string
}

const INTERVAL_MS = 3000
/** Results within the interval that are read one by one; more are summed up. */
const MAX_SINGLE = 3
const MAX_LINES = 20

/**
 * Announces results to screen readers: each by itself while there are few, and a summary while there
 * are many.
 */
export class Announcer {
  readonly #log: HTMLElement
  readonly #summary: () => Announcement
  #pending: Announcement[] = []
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param summary Returns what is announced in place of many results */
  constructor(page: Document, summary: () => Announcement) {
    this.#log = page.querySelector('#announcements') as HTMLElement
    this.#summary = summary
  }

  announce(announcement: Announcement): void {
    this.#pending.push(announcement)
    if (this.#timer === undefined) this.#flush()
  }

  #flush(): void {
    const pending = this.#pending
    this.#pending = []
    this.#timer = undefined
    if (pending.length === 0) return
    for (const line of pending.length > MAX_SINGLE ? [this.#summary()] : pending) this.#add(line)
    this.#timer = setTimeout(() => this.#flush(), INTERVAL_MS)
  }

  #add({ text, lang }: Announcement): void {
    const line = document.createElement('p')
    line.textContent = text
    line.lang = lang
    this.#log.append(line)
    while (this.#log.childElementCount > MAX_LINES) this.#log.firstElementChild?.remove()
  }
}
