import { goProgram } from './go-program.ts'

const VERSION = 'v2.10.1'

/**
 * Finds Pebble, the test server of Let's Encrypt for what asks it for certificates, in the cache, or
 * builds it.
 *
 * @param report Told of the progress, a sentence at a time
 * @returns Path of the program
 * @throws ToolchainError that says why there is none
 */
export async function findPebble(report: (line: string) => void): Promise<string> {
  return goProgram(pebble, report)
}

const pebble = {
  title: "Let's Encrypt's Pebble",
  name: 'pebble',
  folder: 'pebble',
  package: 'github.com/letsencrypt/pebble/v2/cmd/pebble',
  variables: { 'main.version': VERSION },
} as const
