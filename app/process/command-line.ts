import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { UsageError } from './usage-error.ts'

/**
 * Parses the options of a command line.
 *
 * @param help Printed below the error when the command line cannot be parsed
 * @throws UsageError
 */
export function parseOptions<T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: T,
  help: string,
) {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${help}`)
  }
}

/**
 * Returns the port in an option.
 *
 * @param name Such as `--port`
 * @throws UsageError unless it is a number from 0 to 65535
 */
export function portOption(name: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new UsageError(`${name} must be a port from 0 to 65535, not "${text}"`)
}
