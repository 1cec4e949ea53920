import { spawn } from 'node:child_process'

/** How a command of the engine ended. */
export interface PulumiRun {
  /** null when a signal ended it. */
  code: number | null
  /** Both streams, in the order they came. */
  output: string
  milliseconds: number
}

export interface PulumiCommand {
  file: string
  args: readonly string[]
  cwd: string
  env: Readonly<Record<string, string>>
  /** Interrupts it, as Ctrl-C does, once the output fits. @default never */
  interruptAt?: RegExp
  /** Kills it with everything that it has started. @default never */
  signal?: AbortSignal
}

/** Runs the engine to its end. */
export async function runPulumi(command: PulumiCommand): Promise<PulumiRun> {
  const started = Date.now()
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, as a shell makes it: Ctrl-C reaches engine and plugins alike.
    detached: true,
  })
  let output = ''
  let interrupted = false
  const read = (text: string): void => {
    output += text
    if (interrupted || !command.interruptAt?.test(output)) return
    interrupted = true
    process.kill(-(child.pid ?? 0), 'SIGINT')
  }
  // Engine, program and plugins end with the test, however it ends.
  const end = (): void => endGroup(child.pid)
  process.once('exit', end)
  command.signal?.addEventListener('abort', end)
  child.stdout.setEncoding('utf8').on('data', read)
  child.stderr.setEncoding('utf8').on('data', read)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  process.off('exit', end)
  command.signal?.removeEventListener('abort', end)
  endGroup(child.pid)
  return { code, output, milliseconds: Date.now() - started }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing of it is left.
  }
}
