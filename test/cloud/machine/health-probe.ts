import { request as httpRequest } from 'node:http'
import type { Socket } from 'node:net'
import type { BackendTarget, Probe, ProbeResult } from '../control-plane/hardware.ts'

/**
 * Connects from a load balancer to a server.
 *
 * @throws Error when the server has not taken the connection by then
 */
export type Connector = (target: BackendTarget, timeoutMs: number) => Promise<Socket>

/** Message of the error of a connection that nothing answers. */
export const CONNECT_TIMEOUT = 'connect ETIMEDOUT'

/** Does one health check of a server. */
export async function probeServer(connect: Connector, probe: Probe): Promise<ProbeResult> {
  let socket: Socket
  try {
    socket = await connect(probe, probe.timeoutMs)
  } catch (error) {
    const timedOut = error instanceof Error && error.message === CONNECT_TIMEOUT
    return { reason: timedOut ? 'CONNECT_TIMEOUT' : 'CONNECT_FAILED' }
  }
  if (probe.protocol === 'TCP') {
    socket.destroy()
    return { status: 0 }
  }
  return askServer(socket, probe)
}

function askServer(socket: Socket, probe: Probe): Promise<ProbeResult> {
  const { method, path, host, timeoutMs } = probe
  return new Promise((resolve) => {
    const headers = { host, connection: 'close' }
    const asked = httpRequest(
      { createConnection: () => socket, method, path, headers },
      (answer) => {
        answer.resume()
        resolve({ status: answer.statusCode ?? 0 })
        answer.once('close', () => socket.destroy())
      },
    )
    asked.setTimeout(timeoutMs, () => {
      resolve({ reason: 'RECV_RESPONSE_TIMEOUT' })
      asked.destroy()
    })
    asked.on('error', () => resolve({ reason: 'RECV_RESPONSE_FAILED' }))
    asked.end()
  })
}
