import { execFile } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const isWindows = process.platform === 'win32'

/** Milliseconds before a registry that is out of order is asked again. */
const PAUSES: readonly number[] = [2000, 6000, 18_000]

/** Thrown when npm gave no package; the message is what npm said, in one line. */
export class NpmError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NpmError'
  }
}

/**
 * Puts the published archive of a package into a folder, whatever system it is for. npm is asked with
 * the user's own settings, and takes it from its cache when it is there. A registry that answers that
 * it is out of order is asked again; one that cannot be reached is not.
 *
 * @param pauses Milliseconds, one for each time that it is asked again
 * @returns The archive's name in that folder
 * @throws NpmError
 */
export async function npmPack(
  name: string,
  version: string,
  folder: string,
  cwd: string,
  pauses: readonly number[] = PAUSES,
): Promise<string> {
  for (const pause of pauses) {
    try {
      return await askNpm(name, version, folder, cwd)
    } catch (error) {
      if (!isOutOfOrder(error)) throw error
    }
    await delay(pause)
  }
  return askNpm(name, version, folder, cwd)
}

// npm's code of an error is that of HTTP.
function isOutOfOrder(error: unknown): boolean {
  return error instanceof NpmError && /^E(?:429|5\d\d)\b/.test(error.message)
}

async function askNpm(name: string, version: string, folder: string, cwd: string): Promise<string> {
  const options = ['--json', '--prefer-offline', '--ignore-scripts', '--pack-destination', folder]
  // Without these npm waits over a minute for a registry that cannot be reached.
  const patience = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000']
  const args = ['pack', `${name}@${version}`, ...options, ...patience]
  const { npm_execpath: npm } = process.env
  try {
    const { stdout } = npm?.endsWith('npm-cli.js')
      ? await promisify(execFile)(process.execPath, [npm, ...args], { cwd })
      : // On Windows npm is a batch file, which only a shell starts.
        await promisify(execFile)('npm', isWindows ? args.map((arg) => `"${arg}"`) : args, {
          cwd,
          shell: isWindows,
        })
    const [packed] = JSON.parse(stdout) as { filename?: string }[]
    if (packed?.filename === undefined) throw new NpmError('npm pack named no file')
    return packed.filename
  } catch (error) {
    if (error instanceof NpmError) throw error
    throw new NpmError(reason(error as Failed))
  }
}

interface Failed extends Error {
  /** Exit status, or the system's code when there was no process. */
  code?: number | string
  stderr?: string
}

function reason({ code, message, stderr = '' }: Failed): string {
  if (code === 'ENOENT') return 'npm is not on the PATH'
  const said = [...stderr.matchAll(/^npm (?:error|ERR!) (?:code )?(.+)$/gm)].map(([, text]) => text)
  return said.slice(0, 2).join(': ') || (message.split('\n')[0] ?? message)
}
