import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'

/** Gives every request an id, which the client finds in the header X-Request-Id. */
export const requestId: RequestHandler = (_request, response, next) => {
  response.setHeader('X-Request-Id', randomUUID())
  next()
}

/** Returns the id that `requestId` gave; without that middleware, creates one on first use. */
export function requestIdOf(response: Response): string {
  const given = response.getHeader('X-Request-Id')
  if (given !== undefined) return String(given)
  const id = randomUUID()
  if (!response.headersSent) response.setHeader('X-Request-Id', id)
  return id
}
