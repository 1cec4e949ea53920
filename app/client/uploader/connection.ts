/** A pause that an abort ends at once. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal.addEventListener('abort', abort, { once: true })
  })
}

/**
 * Waits until the browser says that it is online. To be asked only after a failure: a browser
 * without a network calls itself offline, yet reaches a server on its own machine.
 */
export function untilOnline(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const done = new AbortController()
    const options = { once: true, signal: done.signal }
    const online = (): void => {
      done.abort()
      resolve()
    }
    const abort = (): void => {
      done.abort()
      reject(signal.reason)
    }
    window.addEventListener('online', online, options)
    signal.addEventListener('abort', abort, options)
    if (navigator.onLine) online()
  })
}
