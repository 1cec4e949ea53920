import type { ServerResponse } from 'node:http'

/**
 * Answers 200 with JSON that no cache keeps. Written as one text with its head, and with no ETag,
 * which nobody could use.
 */
export function replyJson(response: ServerResponse, value: unknown): void {
  const text = JSON.stringify(value)
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.setHeader('Content-Length', Buffer.byteLength(text))
  response.end(text)
}
