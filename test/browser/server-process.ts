import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../app/server/main.ts', import.meta.url))

/** The signing server in its own process, as it is deployed. */
export interface ServerProcess {
  port: number
  /** Kills the process, as a crash does. */
  kill(): Promise<void>
}

/**
 * Starts the signing server and waits until it listens.
 *
 * @param env Its whole environment; see docs/server.md
 * @throws Error with the server's output when it exits before it listens
 */
export async function startServerProcess(env: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  try {
    return { port: await listening(child), kill: () => kill(child, ended) }
  } catch (error) {
    await kill(child, ended)
    throw error
  }
}

async function listening(child: ChildProcess): Promise<number> {
  let output = ''
  child.stderr?.on('data', (chunk) => {
    output += chunk
  })
  if (child.stdout === null) throw new Error('The server has no output to read')
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^Listening on port (\d+), signing for/.exec(line)?.[1]
    if (port !== undefined) return Number(port)
  }
  throw new Error(`The server has exited: ${output}`)
}

async function kill(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL')
  await ended
}
