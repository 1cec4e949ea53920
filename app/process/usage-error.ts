/** Thrown for a command line that cannot be followed; the message is all that its user is told. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}

/**
 * The number in an option.
 *
 * @param name As it is typed, e.g. `--port`
 * @throws UsageError unless it is a port, 0 among them
 */
export function portOf(name: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new UsageError(`${name} must be a port from 0 to 65535, not "${text}"`)
}
