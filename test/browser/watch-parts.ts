import type { Page, Request } from 'playwright-core'

/** Numbers of the parts that a page has sent, without those that the browser repeats by itself. */
export interface WatchedParts {
  /** One for each request, in order. */
  sent: number[]
  /** Parts whose response the page has received. */
  finished: Set<number>
  /** Parts of requests without a response. */
  failed: number[]
  /** Parts that were sent although they were finished. */
  sentAgain: number[]
}

/** Watches the parts that a page sends from now on. */
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
