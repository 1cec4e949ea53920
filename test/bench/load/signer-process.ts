import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Usage } from '../server-process.ts'
import { Connection } from './connection.ts'
import { openSockets } from './open-sockets.ts'

const SCRIPT = fileURLToPath(new URL('../server-process.ts', import.meta.url))

/** A signer in its own process. */
export interface SignerProcess {
  port: number
  path: string
  /** Returns what it has used since its start. */
  usage(): Promise<Usage>
  stop(): void
}

export interface SignerProcessOptions {
  /** As for `Signer.serve`. @default '{}' */
  body?: string
  /** File for the server's log. @default discarded */
  log?: string
  /** Command-line options of Node. @default none */
  nodeOptions?: readonly string[]
}

/** Starts one of `signers/` by its file name. */
export async function startSigner(
  name: string,
  { body = '{}', log = devNull, nodeOptions = [] }: SignerProcessOptions = {},
): Promise<SignerProcess> {
  const out = openSync(log, 'a')
  const child = fork(SCRIPT, [name, body], {
    execArgv: [...nodeOptions],
    stdio: ['ignore', out, 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  closeSync(out)
  const { port, path } = (await message(child, name)) as { port: number; path: string }
  return {
    port,
    path,
    usage() {
      const answer = message(child, name)
      child.send('usage')
      return answer as Promise<Usage>
    },
    stop: () => child.disconnect(),
  }
}

/** Requests a signature. @returns The response body @throws Error when the status is not 200 */
export async function answerOf({ port, path }: SignerProcess): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`)
  return text
}

/** Opens connections to a signer. */
export async function connectTo({ port, path }: SignerProcess, count: number) {
  const sockets = await openSockets(port, count)
  return sockets.map((socket) => new Connection(socket, path))
}

function message(child: ChildProcess, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => {
      reject(new Error(`The server "${name}" ended with code ${code}`))
    }
    child.once('exit', ended)
    child.once('message', (value) => {
      child.off('exit', ended)
      resolve(value)
    })
  })
}
