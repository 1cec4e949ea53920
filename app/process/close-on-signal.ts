/**
 * Closes a program on SIGINT or SIGTERM: calls `close` and exits with 0 once it resolves. A second
 * signal exits with 1 at once.
 */
export function closeOnSignal(close: () => Promise<unknown>): void {
  let isClosing = false
  const onSignal = (): void => {
    if (isClosing) process.exit(1)
    isClosing = true
    // A timer that is still pending would keep the process running.
    void close().then(() => process.exit(0))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}
