import { goProgram } from './go-program.ts'

/**
 * Finds Pebble, the ACME test server of Let's Encrypt, or builds it.
 *
 * @param report Receives progress messages
 * @returns Path of the executable
 * @throws ToolchainError when it cannot be built
 */
export async function findPebble(report: (line: string) => void): Promise<string> {
  return goProgram(
    {
      title: "Let's Encrypt's Pebble",
      name: 'pebble',
      folder: 'pebble',
      package: 'github.com/letsencrypt/pebble/v2/cmd/pebble',
      variables: { 'main.version': 'v2.10.1' },
    },
    report,
  )
}
