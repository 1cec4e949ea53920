import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheFolder } from '../../cloud/toolchain/go-program.ts'
import { retryFetch } from '../../retry-fetch.ts'
import { RivalError } from '../benchmark.ts'

/** Returns `$XDG_CACHE_HOME/oss-direct-upload/bench`, the cache of rivals that are not on npm. */
export function rivalsFolder(): string {
  return join(cacheFolder(), 'bench')
}

interface ExecError {
  code?: string | number
  stderr?: string
  stdout?: string
}

/**
 * Runs one step of an installation, several times while a registry fails.
 *
 * @param title What is installed, for messages
 * @param cwd Working folder @default that of this process
 * @throws RivalError with the last line that the program printed
 */
export async function installStep(
  title: string,
  command: string,
  args: readonly string[],
  report: (line: string) => void,
  cwd?: string,
): Promise<void> {
  const isMissing = (error: unknown): boolean => (error as ExecError).code === 'ENOENT'
  // On Windows npm is a batch file, which only a shell starts.
  const shell = process.platform === 'win32' && command === 'npm'
  const options = { timeout: 300_000, maxBuffer: 1 << 26, shell, ...(cwd ? { cwd } : {}) }
  try {
    await retryFetch(title, () => promisify(execFile)(command, [...args], options), {
      report,
      isPermanent: isMissing,
    })
  } catch (error) {
    const { stderr, stdout = '' } = error as ExecError
    const said = (stderr || stdout).trim().split('\n').at(-1)
    const reason = isMissing(error) ? `there is no ${command} on this machine` : said
    throw new RivalError(`${title} could not be installed: ${reason}`, error)
  }
}
