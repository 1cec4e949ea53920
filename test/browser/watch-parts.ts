import type { Page, Request } from 'playwright-core'

/** Numbers of parts, as the page itself puts them; what its browser repeats by itself is not here. */
export interface WatchedParts {
  /** In order; one for each request. */
  sent: number[]
  /** Those that the page has been told of. */
  finished: Set<number>
  /** Those of requests that ended without an answer. */
  failed: number[]
  /** Finished ones that were sent once more. */
  sentAgain: number[]
}

/** Watches what a page sends from now on. */
export function watchParts(page: Page): WatchedParts {
  const watched: WatchedParts = { sent: [], finished: new Set(), failed: [], sentAgain: [] }
  page.on('request', (request) => {
    const number = partOf(request)
    if (number === 0) return
    watched.sent.push(number)
    if (watched.finished.has(number)) watched.sentAgain.push(number)
  })
  page.on('requestfailed', (request) => {
    const number = partOf(request)
    if (number > 0) watched.failed.push(number)
  })
  page.on('response', (response) => {
    const number = partOf(response.request())
    if (number > 0 && response.status() === 200) watched.finished.add(number)
  })
  return watched
}

function partOf(request: Request): number {
  const number = /[?&]partNumber=(\d+)/.exec(request.url())?.[1]
  return request.method() === 'PUT' ? Number(number ?? 0) : 0
}
