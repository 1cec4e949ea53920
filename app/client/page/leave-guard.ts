/** Asks before the page is left while uploads are active. */
export class LeaveGuard {
  readonly #window: Window

  constructor(window: Window) {
    this.#window = window
  }

  /** Listens only while needed: a page with such a listener is not kept in Firefox's bfcache. */
  update(isActive: boolean): void {
    if (isActive) this.#window.addEventListener('beforeunload', ask)
    else this.#window.removeEventListener('beforeunload', ask)
  }
}

function ask(event: Event): void {
  event.preventDefault()
}
