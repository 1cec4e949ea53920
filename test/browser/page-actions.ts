import { createHash } from 'node:crypto'
import type { CDPSession, Page } from 'playwright-core'
import type { Tab } from './engines/tab.ts'

/** Returns a file in memory to select. */
export function file(name: string, content: Buffer | string, mimeType = '') {
  return { name, mimeType, buffer: Buffer.from(content) }
}

/** Selects files with the file picker. */
export async function select(
  page: Tab,
  files: ReturnType<typeof file>[] | string[],
): Promise<void> {
  await page.locator('#select-files + input').setInputFiles(files)
}

/** Clicks the upload button, and lets the list grow, for it has elements for visible rows alone. */
export async function upload(page: Tab): Promise<void> {
  await page.locator('#results-scroller').evaluate((scroller) => {
    scroller.style.maxHeight = 'none'
  })
  await page.locator('#start').click()
}

/** Waits until a number of transfers have ended, and returns each as `state: name: text`. */
export async function results(page: Tab, count: number): Promise<string[]> {
  await page.waitForFunction((wanted) => {
    const ended = ['stored', 'callbackFailed', 'failed', 'notAdded', 'cancelled']
    const items = [...document.querySelectorAll<HTMLElement>('#results li')]
    return items.filter((item) => ended.includes(item.dataset.state ?? '')).length >= wanted
  }, count)
  return page.locator('#results li').evaluateAll((items) =>
    items.map((item) => {
      const text = (selector: string) => item.querySelector(selector)?.textContent ?? ''
      return `${(item as HTMLElement).dataset.state}: ${text('strong')}: ${text('.text')}`
    }),
  )
}

/** Selects files, uploads them, and waits until a number of transfers have ended; see `results`. */
export async function uploadAll(
  page: Tab,
  files: ReturnType<typeof file>[],
  count = files.length,
): Promise<string[]> {
  await select(page, files)
  await upload(page)
  return results(page, count)
}

// Only the session that has slowed a page down can make it fast again.
const sessions = new WeakMap<Page, Promise<CDPSession>>()

/** Limits the speed of a page's network in both directions. */
export async function slowDown(page: Page, bytesPerSecond: number): Promise<void> {
  const opened = sessions.get(page) ?? page.context().newCDPSession(page)
  sessions.set(page, opened)
  const session = await opened
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  })
}

/** Returns the SHA-256 in hex. */
export function hash(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex')
}
