/**
 * Keeps the screen on while uploads are active, where the browser allows it: only in a secure
 * context, and not when the battery is low.
 */
export class ScreenWakeLock {
  readonly #page: Document
  readonly #wakeLock: WakeLock | undefined
  #isActive = false
  #lock: Promise<WakeLockSentinel | undefined> | undefined

  constructor(page: Document) {
    this.#page = page
    this.#wakeLock = wakeLockOf(page)
    // The browser releases the lock when the page is hidden.
    page.addEventListener('visibilitychange', () => this.#request())
  }

  update(isActive: boolean): void {
    if (isActive === this.#isActive) return
    this.#isActive = isActive
    if (isActive) this.#request()
    else void this.#lock?.then((lock) => lock?.release()).catch(() => {})
  }

  #request(): void {
    if (!this.#isActive || this.#page.visibilityState !== 'visible') return
    this.#lock = this.#wakeLock?.request('screen').catch(() => undefined)
  }
}

function wakeLockOf(page: Document): WakeLock | undefined {
  try {
    return page.defaultView?.navigator.wakeLock
  } catch {
    return undefined
  }
}
