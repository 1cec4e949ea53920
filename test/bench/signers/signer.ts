import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that signs, or that stands for the floor under those that do. */
export interface Signer {
  /** Path and query of the request that the clients send. */
  path: string
  /**
   * Listens on a free port of this machine.
   *
   * @param body A signature as this project's server answers it, for servers that answer a constant
   * @returns The port
   */
  serve(body: string): Promise<number>
}

/** Serves with a plain Node server that keeps connections as long as a benchmark needs them. */
export async function listen(listener: RequestListener): Promise<number> {
  const server = createServer({ keepAliveTimeout: 120_000 }, listener)
  await new Promise<void>((done) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog: 16_384 }, done)
  })
  return (server.address() as AddressInfo).port
}
