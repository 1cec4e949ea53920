import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { RivalError } from '../benchmark.ts'

const START_MS = 120_000

/** A server in a process of its own. */
export interface StoreProcess {
  child: ChildProcess
  stop(): Promise<void>
}

/**
 * Starts a program and waits until it answers HTTP.
 *
 * @throws RivalError when it ends or does not answer within two minutes
 */
export async function startProgram(
  title: string,
  port: number,
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<StoreProcess> {
  const child = spawn(command, [...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', ...env },
  })
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-2000)
  })
  let failure: string | undefined
  child.once('error', (error) => {
    failure = error.message
  })
  child.once('exit', (code) => {
    failure ??= `it ended with code ${code}: ${said.trim().split('\n').at(-1) ?? ''}`
  })
  const until = Date.now() + START_MS
  while (!(await answers(port))) {
    if (failure !== undefined) throw new RivalError(`${title} does not start: ${failure}`)
    if (Date.now() > until) {
      child.kill('SIGKILL')
      throw new RivalError(`${title} does not answer within ${START_MS / 1000} seconds`)
    }
    await delay(50)
  }
  return {
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    async (response) => {
      await response.body?.cancel()
      return true
    },
    () => false,
  )
}
