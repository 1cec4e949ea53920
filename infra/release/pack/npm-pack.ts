import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { retry } from '@oss-direct-upload/retry'

const isWindows = process.platform === 'win32'

const RETRY_DELAYS_MS: readonly number[] = [2_000, 6_000, 18_000]

/** npm delivered no package; the message is npm's own, in one line. */
export class NpmError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NpmError'
  }
}

/**
 * Downloads the published archive of a package, for whatever system it is, into a folder. npm uses the
 * user's own settings and its cache. A registry that answers with a server error is retried; one that
 * cannot be reached is not.
 *
 * @param retryDelaysMs Delays before each further attempt
 * @returns The archive's file name
 * @throws NpmError
 */
export async function npmPack(
  name: string,
  version: string,
  folder: string,
  cwd: string,
  retryDelaysMs: readonly number[] = RETRY_DELAYS_MS,
): Promise<string> {
  return retry(() => runNpmPack(name, version, folder, cwd), {
    delayMs: (error, attempt) => (isServerError(error) ? retryDelaysMs[attempt - 1] : undefined),
  })
}

/** npm's error code contains the HTTP status. */
function isServerError(error: unknown): boolean {
  return error instanceof NpmError && /^E(?:429|5\d\d)\b/.test(error.message)
}

async function runNpmPack(
  name: string,
  version: string,
  folder: string,
  cwd: string,
): Promise<string> {
  const options = ['--json', '--prefer-offline', '--ignore-scripts', '--pack-destination', folder]
  // By default npm waits over a minute for a registry that cannot be reached.
  const timeouts = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000']
  const args = ['pack', `${name}@${version}`, ...options, ...timeouts]
  const { npm_execpath: npm } = process.env
  try {
    const { stdout } = npm?.endsWith('npm-cli.js')
      ? await promisify(execFile)(process.execPath, [npm, ...args], { cwd })
      : // On Windows npm is a batch file, which needs a shell.
        await promisify(execFile)('npm', isWindows ? args.map((arg) => `"${arg}"`) : args, {
          cwd,
          shell: isWindows,
        })
    const [packed] = JSON.parse(stdout) as { filename?: string }[]
    if (packed?.filename === undefined) throw new NpmError('npm pack reported no file')
    return packed.filename
  } catch (error) {
    if (error instanceof NpmError) throw error
    throw new NpmError(npmMessage(error as ProcessError))
  }
}

interface ProcessError extends Error {
  /** Exit status, or the system's code when there was no process. */
  code?: number | string
  stderr?: string
}

function npmMessage({ code, message, stderr = '' }: ProcessError): string {
  if (code === 'ENOENT') return 'npm is not on the PATH'
  const lines = [...stderr.matchAll(/^npm (?:error|ERR!) (?:code )?(.+)$/gm)].map(
    ([, text]) => text,
  )
  return lines.slice(0, 2).join(': ') || (message.split('\n')[0] ?? message)
}
