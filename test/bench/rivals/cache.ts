import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { RivalError } from '../benchmark.ts'

/** `$XDG_CACHE_HOME/oss-direct-upload/bench`, where rivals that npm does not have are kept. */
export function rivalsFolder(): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(cache, 'oss-direct-upload', 'bench')
}

/**
 * Runs one step of an installation.
 *
 * @param what What could not be had when it fails, for people
 * @throws RivalError with what the program said last
 */
export async function installStep(
  what: string,
  command: string,
  args: readonly string[],
): Promise<void> {
  try {
    await promisify(execFile)(command, [...args], { timeout: 300_000, maxBuffer: 1 << 26 })
  } catch (error) {
    const {
      code,
      stderr = '',
      stdout = '',
    } = error as {
      code?: string | number
      stderr?: string
      stdout?: string
    }
    const said = (stderr || stdout).trim().split('\n').at(-1) ?? ''
    const reason = code === 'ENOENT' ? `there is no ${command} on this machine` : said
    throw new RivalError(`${what} could not be installed: ${reason}`, error)
  }
}
