import { execFile } from 'node:child_process'

/** How a program ended. */
export interface CommandResult {
  /** null when a signal ended it. */
  code: number | null
  stdout: string
  stderr: string
}

export interface CommandOptions {
  env?: Readonly<Record<string, string>>
  /** Written to its standard input. @default nothing */
  input?: string
  /** It is killed after that long. @default 120000 */
  timeoutMs?: number
}

/** Thrown when a program fails that has to succeed; the message has what it said. */
export class CommandError extends Error {
  constructor(file: string, args: readonly string[], { code, stdout, stderr }: CommandResult) {
    const said = `${stderr}${stdout}`.trim()
    super(`${[file, ...args].join(' ')} ended with ${code ?? 'a signal'}: ${said.slice(-4000)}`)
    this.name = 'CommandError'
  }
}

/** Runs a program to its end, however it ends. @throws Error when it cannot be started */
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
    // It may end without reading what it is given.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}

/** Runs a program that has to succeed. @returns Its standard output @throws CommandError */
export async function runCommand(
  file: string,
  args: readonly string[],
  options?: CommandOptions,
): Promise<string> {
  const result = await attemptCommand(file, args, options)
  if (result.code !== 0) throw new CommandError(file, args, result)
  return result.stdout
}
