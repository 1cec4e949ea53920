import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../../free-port.ts'
import { RivalError } from '../benchmark.ts'
import type { RunningStore } from './store.ts'

const START_TIMEOUT_MS = 120_000

export interface StoreProgram {
  title: string
  /** @default this process's Node */
  command?: string
  /** Returns the command-line arguments. */
  args(port: number): readonly string[]
  /** Path of the URL that forms are posted to. @default '/' */
  path?: string
  fields: RunningStore['fields']
}

/**
 * Starts a server in its own process on a free port, and waits until it answers HTTP.
 *
 * @throws RivalError when it ends or does not answer within two minutes
 */
export async function startStore(program: StoreProgram): Promise<RunningStore> {
  const { title, command = process.execPath, path = '/', fields } = program
  const port = await freePort()
  const child = spawn(command, [...program.args(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  let output = ''
  child.stderr?.on('data', (chunk) => {
    output = `${output}${chunk}`.slice(-2000)
  })
  let failure: string | undefined
  child.once('error', (error) => {
    failure = error.message
  })
  child.once('exit', (code) => {
    failure ??= `it ended with code ${code}: ${output.trim().split('\n').at(-1) ?? ''}`
  })
  const deadline = Date.now() + START_TIMEOUT_MS
  while (!(await isAnswering(port))) {
    if (failure !== undefined) throw new RivalError(`${title} does not start: ${failure}`)
    if (Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new RivalError(`${title} does not answer within ${START_TIMEOUT_MS / 1000} seconds`)
    }
    await delay(50)
  }
  return {
    pid: child.pid,
    url: `http://127.0.0.1:${port}${path}`,
    fields,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function isAnswering(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    async (response) => {
      await response.body?.cancel()
      return true
    },
    () => false,
  )
}
