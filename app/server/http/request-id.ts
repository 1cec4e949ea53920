import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'

/** Gives every request an id of our own making; the client finds it in `x-request-id`. */
export const requestId: RequestHandler = (_request, response, next) => {
  response.setHeader('X-Request-Id', randomUUID())
  next()
}

/** The id that `requestId` gave; where it is not mounted the id is given when it is first asked for. */
export function requestIdOf(response: Response): string {
  const given = response.getHeader('X-Request-Id')
  if (given !== undefined) return String(given)
  const id = randomUUID()
  if (!response.headersSent) response.setHeader('X-Request-Id', id)
  return id
}
