import { spawn } from 'node:child_process'

/** Result of a command of the engine. */
export interface PulumiResult {
  /** Exit code; null when a signal ended the command. */
  code: number | null
  /** Standard output and standard error, in order of arrival. */
  output: string
  milliseconds: number
}

export interface PulumiCommand {
  file: string
  args: readonly string[]
  cwd: string
  env: Readonly<Record<string, string>>
  /** Interrupts the command like Ctrl-C once its output matches, or the signal is aborted. @default never */
  interruptAt?: RegExp | AbortSignal
  /** Kills the command with all its child processes. @default never */
  signal?: AbortSignal
}

/** Runs a command of the engine. */
export async function runPulumi(command: PulumiCommand): Promise<PulumiResult> {
  const started = Date.now()
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group, as in a shell: Ctrl-C reaches the engine and its plugins.
    detached: true,
  })
  let output = ''
  let interrupted = false
  const { interruptAt } = command
  const interrupt = (): void => {
    if (!interrupted) process.kill(-(child.pid ?? 0), 'SIGINT')
    interrupted = true
  }
  const read = (text: string): void => {
    output += text
    if (interruptAt instanceof RegExp && interruptAt.test(output)) interrupt()
  }
  if (interruptAt instanceof AbortSignal) interruptAt.addEventListener('abort', interrupt)
  // Engine, program and plugins must not outlive the test.
  const end = (): void => killGroup(child.pid)
  process.once('exit', end)
  command.signal?.addEventListener('abort', end)
  child.stdout.setEncoding('utf8').on('data', read)
  child.stderr.setEncoding('utf8').on('data', read)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  process.off('exit', end)
  if (interruptAt instanceof AbortSignal) interruptAt.removeEventListener('abort', interrupt)
  command.signal?.removeEventListener('abort', end)
  killGroup(child.pid)
  return { code, output, milliseconds: Date.now() - started }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
