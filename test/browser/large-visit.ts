import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterEach } from 'vitest'
import {
  type LargeDemo,
  type LargeDemoOfProcess,
  type LargeDemoOptions,
  startLargeDemo,
  startLargeDemoOfProcess,
} from './large-demo.ts'
import { writeLargeFile } from './large-file.ts'
import { select, upload, type VisitOptions, type Visits, visits } from './visit.ts'
import { type WatchedParts, watchParts } from './watch-parts.ts'

export const MIB = 1024 * 1024

/** A page with a file of its own, and what it sends of it. */
export interface LargeVisit {
  page: Page
  path: string
  /** SHA-256 of the file. */
  hash: string
  watched: WatchedParts
}

/** What the tests of large files share: each has a demo of its own, that ends with it. */
export interface LargeVisits extends Visits {
  largeDemo(options?: LargeDemoOptions): Promise<LargeDemo>
  /** See startLargeDemoOfProcess. */
  largeDemoOfProcess(expiresInSeconds: number): Promise<LargeDemoOfProcess>
  /** Writes a file of its own and opens the page. */
  openWith(
    demo: LargeDemo,
    name: string,
    bytes: number,
    options?: VisitOptions,
  ): Promise<LargeVisit>
  /** The same, and uploads it until so many bytes have gone, which is where the line is held. */
  heldAt(bytes: number, demo: LargeDemo, name: string, size: number): Promise<LargeVisit>
}

/** For a test file; see `visits`. */
export function largeVisits(): LargeVisits {
  const demos: LargeDemo[] = []
  const shared = visits()
  // Before the pages are closed, so that none waits for a line that is held.
  afterEach(async () => {
    await Promise.all(demos.splice(0).map((demo) => demo.close()))
  })
  const kept = <T extends LargeDemo>(demo: T): T => {
    demos.push(demo)
    return demo
  }
  const openWith: LargeVisits['openWith'] = async ({ address }, name, bytes, options) => {
    const path = join(shared.folder, name)
    const hash = await writeLargeFile(path, bytes)
    const page = await shared.open(address, options)
    return { page, path, hash, watched: watchParts(page) }
  }
  return Object.assign(shared, {
    openWith,
    largeDemo: async (options: LargeDemoOptions = {}) =>
      kept(await startLargeDemo(shared.clientDir, options)),
    largeDemoOfProcess: async (expiresInSeconds: number) =>
      kept(await startLargeDemoOfProcess(shared.clientDir, expiresInSeconds)),
    async heldAt(bytes: number, demo: LargeDemo, name: string, size: number) {
      const visit = await openWith(demo, name, size)
      const held = demo.line.holdAt(bytes)
      await go(visit)
      await held
      return visit
    },
  })
}

/** Selects the file and uploads it. */
export async function go({ page, path }: Pick<LargeVisit, 'page' | 'path'>): Promise<void> {
  await select(page, [path])
  await upload(page)
}

/** The line of the file that was begun last. */
export function lastLine(page: Page): Locator {
  return page.locator('#results li').last()
}
