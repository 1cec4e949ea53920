import type { ServerResponse } from 'node:http'

/** Answers 200 with JSON that no cache stores, and without the ETag that Express would add. */
export function sendJson(response: ServerResponse, value: unknown): void {
  const text = JSON.stringify(value)
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.setHeader('Content-Length', Buffer.byteLength(text))
  response.end(text)
}
