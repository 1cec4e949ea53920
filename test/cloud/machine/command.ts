import { execFile } from 'node:child_process'

/** Result of a program. */
export interface CommandResult {
  /** Exit code; null when a signal ended the program. */
  code: number | null
  stdout: string
  stderr: string
}

export interface CommandOptions {
  env?: Readonly<Record<string, string>>
  /** For its standard input. @default empty */
  input?: string
  /** The program is killed after this time. @default 120000 */
  timeoutMs?: number
}

/** Thrown when a program fails; the message contains the end of its output. */
export class CommandError extends Error {
  constructor(file: string, args: readonly string[], { code, stdout, stderr }: CommandResult) {
    const output = `${stderr}${stdout}`.trim()
    super(`${[file, ...args].join(' ')} ended with ${code ?? 'a signal'}: ${output.slice(-4000)}`)
    this.name = 'CommandError'
  }
}

/** Runs a program, which may fail. @throws Error when it cannot be started */
export function attemptCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { env, input = '', timeoutMs = 120_000 } = options
  return new Promise((resolve, reject) => {
    const child = execFile(
      file,
      args,
      { ...(env ? { env } : {}), timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error && typeof error.code === 'string') return reject(error)
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null
        resolve({ code, stdout, stderr })
      },
    )
    // The program may end without reading its input.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}

/** Runs a program. @returns Its standard output @throws CommandError when it fails */
export async function runCommand(
  file: string,
  args: readonly string[],
  options?: CommandOptions,
): Promise<string> {
  const result = await attemptCommand(file, args, options)
  if (result.code !== 0) throw new CommandError(file, args, result)
  return result.stdout
}
