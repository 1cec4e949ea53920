/**
 * Runs inside a network namespace, opens sockets there and sends them to its parent process: a socket
 * stays in the namespace in which it was opened, whichever process holds it.
 */
import { connect, createServer } from 'node:net'

/** A request to the agent. */
export type AgentRequest =
  | { id: number; kind: 'listen'; address: string; port: number }
  | {
      id: number
      kind: 'connect'
      address: string
      port: number
      /** Local address. @default chosen by the system */
      from?: string
      /** @default that of the system */
      timeoutMs?: number
    }

/** Its answer, sent with the socket unless there is an error. */
export interface AgentAnswer {
  id: number
  error?: string
}

process.on('SIGINT', () => {})
process.on('disconnect', () => process.exit())
process.on('message', (request: AgentRequest) => {
  const { id, address, port } = request
  const fail = (error: Error): void => void process.send?.({ id, error: error.message })
  if (request.kind === 'listen') {
    const server = createServer()
    server.once('error', fail)
    server.listen(port, address, 1024, () => {
      process.send?.({ id }, server, {}, () => server.close())
    })
  } else {
    const { from: localAddress, timeoutMs } = request
    const socket = connect({ port, host: address, ...(localAddress ? { localAddress } : {}) })
    if (timeoutMs !== undefined) {
      socket.setTimeout(timeoutMs, () => socket.destroy(new Error('connect ETIMEDOUT')))
    }
    socket.once('error', fail)
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.pause()
      process.send?.({ id }, socket)
    })
  }
})
process.send?.({ id: 0 })
