import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A program of a consumer that runs until it is stopped. */
export interface RunningProgram {
  /** Lines that it has printed. */
  lines: string[]
  stop(): Promise<void>
}

/**
 * Starts a program, and waits for a line.
 *
 * @param ready Matches the line @default does not wait
 * @throws Error with what it printed, when it ends before
 */
export async function startProgram(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  ready?: RegExp,
): Promise<RunningProgram> {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env } })
  const lines: string[] = []
  const ended = once(child, 'exit')
  const isReady = new Promise<boolean>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => {
        lines.push(line)
        if (ready?.test(line)) resolve(true)
      })
    }
    void ended.then(() => resolve(false))
  })
  if (ready && !(await isReady))
    throw new Error(`${args.join(' ')} has ended:\n${lines.join('\n')}`)
  return { lines, stop: () => stop(child, ended) }
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill()
  await ended
}

/** Waits until a server answers. @throws Error when it does not within 20 seconds */
export async function untilAnswered(url: string): Promise<Response> {
  const deadline = Date.now() + 20_000
  for (;;) {
    try {
      return await fetch(url)
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
