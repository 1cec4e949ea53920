import { request as httpRequest } from 'node:http'
import type { Socket } from 'node:net'
import type { BackendTarget, Probe, ProbeResult } from 'simulated-cloud'

/**
 * Connects from a load balancer to a server.
 *
 * @throws Error when the server has not accepted the connection in time
 */
export type Connector = (target: BackendTarget, timeoutMs: number) => Promise<Socket>

/** Error message of a connection that nothing answers. */
export const CONNECT_TIMEOUT = 'connect ETIMEDOUT'

/** Checks the health of a server once. */
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
  return requestHealth(socket, probe)
}

function requestHealth(socket: Socket, probe: Probe): Promise<ProbeResult> {
  const { method, path, host, timeoutMs } = probe
  return new Promise((resolve) => {
    const headers = { host, connection: 'close' }
    const call = httpRequest(
      { createConnection: () => socket, method, path, headers },
      (answer) => {
        answer.resume()
        resolve({ status: answer.statusCode ?? 0 })
        answer.once('close', () => socket.destroy())
      },
    )
    call.setTimeout(timeoutMs, () => {
      resolve({ reason: 'RECV_RESPONSE_TIMEOUT' })
      call.destroy()
    })
    call.on('error', () => resolve({ reason: 'RECV_RESPONSE_FAILED' }))
    call.end()
  })
}
