import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'

/** Gives every request an id of our own making; the client finds it in `x-request-id`. */
export const requestId: RequestHandler = (_request, response, next) => {
  response.setHeader('X-Request-Id', randomUUID())
  next()
}

/** The id that `requestId` gave; empty when it was not mounted. */
export function requestIdOf(response: Response): string {
  return String(response.getHeader('X-Request-Id') ?? '')
}
