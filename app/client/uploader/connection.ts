/** What the uploader knows about the network. */
export interface Connection {
  isOnline: () => boolean
  /** Resolves when the browser is online. @throws the signal's reason when it is aborted */
  untilOnline: (signal: AbortSignal) => Promise<void>
  /**
   * Returns whether a server responds, even if the page may not read the response. Tells a bucket
   * without CORS rules from one that is down.
   */
  isReachable: (url: string, signal: AbortSignal) => Promise<boolean>
}

/**
 * The browser's network. Ask it after a failure only: a browser without a network says that it is
 * offline, but still reaches servers on its own machine.
 */
export const browserConnection: Connection = {
  isOnline: () => navigator.onLine,
  untilOnline,
  async isReachable(url, signal) {
    try {
      await fetch(url, { mode: 'no-cors', cache: 'no-store', signal })
      return true
    } catch {
      return false
    }
  },
}

function untilOnline(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const listeners = new AbortController()
    const options = { once: true, signal: listeners.signal }
    const onOnline = (): void => {
      listeners.abort()
      resolve()
    }
    const onAbort = (): void => {
      listeners.abort()
      reject(signal.reason)
    }
    window.addEventListener('online', onOnline, options)
    signal.addEventListener('abort', onAbort, options)
    if (navigator.onLine) onOnline()
  })
}
