import type { ServerResponse } from 'node:http'

/** Answers 200 with JSON that no cache keeps. */
export function replyJson(response: ServerResponse, value: unknown): void {
  replyJsonText(response, JSON.stringify(value))
}

/**
 * Answers 200 with a text that is JSON already. Written as one text with its head, and with no
 * ETag, which nobody could use.
 */
export function replyJsonText(response: ServerResponse, text: string): void {
  const length = Buffer.byteLength(text)
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.setHeader('Content-Length', length)
  // As many bytes as characters are ASCII, which is written faster as what it is.
  response.end(text, length === text.length ? 'latin1' : 'utf8')
}
