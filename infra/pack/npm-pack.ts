import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const isWindows = process.platform === 'win32'

/** Thrown when npm gave no package; the message is what npm said, in one line. */
export class NpmError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NpmError'
  }
}

/**
 * Puts the published archive of a package into a folder, whatever system it is for. npm is asked with
 * the user's own settings, and takes it from its cache when it is there.
 *
 * @returns The archive's name in that folder
 * @throws NpmError
 */
export async function npmPack(
  name: string,
  version: string,
  folder: string,
  cwd: string,
): Promise<string> {
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
