import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Express, type RequestHandler } from 'express'

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

/** Returns an Express 5 app with a route that returns a constant, behind middleware. */
export function constantApp(body: string, ...middleware: readonly RequestHandler[]): Express {
  const constant: unknown = JSON.parse(body)
  const app = express()
  app.disable('etag')
  for (const handler of middleware) app.use(handler)
  app.get('/signature', (_request, response) => {
    response.json(constant)
  })
  return app
}

/** Serves with a Node HTTP server that keeps idle connections open during a benchmark. */
export async function listen(listener: RequestListener): Promise<number> {
  const server = createServer({ keepAliveTimeout: 120_000 }, listener)
  await new Promise<void>((done) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog: 16_384 }, done)
  })
  return (server.address() as AddressInfo).port
}
