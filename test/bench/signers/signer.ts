import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that signs, or a baseline without signing. */
export interface Signer {
  /** Path and query of the measured request. */
  path: string
  /**
   * Listens on a free port.
   *
   * @param body Response of this project's server, for baselines that return a constant
   * @returns The port
   */
  serve(body: string): Promise<number>
}

/** Serves with a Node HTTP server that keeps idle connections open during a benchmark. */
export async function listen(listener: RequestListener): Promise<number> {
  const server = createServer({ keepAliveTimeout: 120_000 }, listener)
  await new Promise<void>((done) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog: 16_384 }, done)
  })
  return (server.address() as AddressInfo).port
}
