import { type ChildProcess, spawn } from 'node:child_process'
import type { Server, Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { namespacePath } from './network-namespace.ts'
import type { AgentAnswer, AgentRequest } from './socket-agent.ts'

interface Pending {
  resolve(handle: unknown): void
  reject(error: Error): void
}

type Unnumbered<Request> = Request extends { id: number } ? Omit<Request, 'id'> : never

/** Opens sockets in a network namespace for this process. */
export class NamespaceSockets {
  readonly #agent: ChildProcess
  readonly #pending = new Map<number, Pending>()
  /** Addresses of the host names that `connect` accepts. */
  readonly names = new Map<string, string>()
  #ids = 0

  private constructor(namespace: string) {
    const agent = fileURLToPath(new URL('./socket-agent.ts', import.meta.url))
    this.#agent = spawn('nsenter', [`--net=${namespacePath(namespace)}`, process.execPath, agent], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#agent.on('message', ({ id, error }: AgentAnswer, handle) => {
      const pending = this.#pending.get(id)
      this.#pending.delete(id)
      if (error === undefined) pending?.resolve(handle)
      else pending?.reject(new Error(error))
    })
    const rejectAll = (error: Error): void => {
      for (const { reject } of this.#pending.values()) reject(error)
      this.#pending.clear()
    }
    this.#agent.once('error', rejectAll)
    this.#agent.once('exit', () => rejectAll(new Error(`the agent in ${namespace} has ended`)))
  }

  /** Starts the agent in the namespace. */
  static async open(namespace: string): Promise<NamespaceSockets> {
    const sockets = new NamespaceSockets(namespace)
    // The agent's first message has the id 0.
    await new Promise((resolve, reject) => sockets.#pending.set(0, { resolve, reject }))
    return sockets
  }

  /** Listens in the namespace. @returns A server whose `connection` events happen in this process */
  async listen(address: string, port: number): Promise<Server> {
    return (await this.#send({ kind: 'listen', address, port })) as Server
  }

  /**
   * Connects from within the namespace.
   *
   * @param options As in `AgentRequest`
   * @throws Error when the connection fails
   */
  async connect(
    address: string,
    port: number,
    options: { from?: string; timeoutMs?: number } = {},
  ): Promise<Socket> {
    const to = this.names.get(address) ?? address
    return (await this.#send({ kind: 'connect', address: to, port, ...options })) as Socket
  }

  /** Ends the agent; open sockets stay open. */
  async close(): Promise<void> {
    if (this.#agent.exitCode !== null || this.#agent.signalCode !== null) return
    const ended = new Promise((resolve) => this.#agent.once('exit', resolve))
    this.#agent.disconnect()
    await ended
  }

  #send(request: Unnumbered<AgentRequest>): Promise<unknown> {
    const id = ++this.#ids
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      this.#agent.send({ id, ...request })
    })
  }
}
