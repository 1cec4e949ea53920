import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterEach } from 'vitest'
import type { PageOptions } from './engines/playwright-engine.ts'
import {
  type LargeDemo,
  type LargeDemoOptions,
  type LargeDemoWithProcess,
  startLargeDemo,
  startLargeDemoWithProcess,
} from './large-demo.ts'
import { writeLargeFile } from './large-file.ts'
import { select, upload } from './page-actions.ts'
import { type PageFixture, pageFixture } from './page-fixture.ts'
import { type WatchedParts, watchParts } from './watch-parts.ts'

export const MIB = 1024 * 1024

/** A page and a file to upload with it. */
export interface PageWithFile {
  page: Page
  path: string
  /** SHA-256 of the file. */
  hash: string
  /** The parts that the page sends. */
  watched: WatchedParts
}

/** What tests of large files share. Demos are closed after their test. */
export interface LargeFileFixture extends PageFixture {
  largeDemo(options?: LargeDemoOptions): Promise<LargeDemo>
  /** @param expiresInSeconds Lifetime of signatures */
  largeDemoWithProcess(expiresInSeconds: number): Promise<LargeDemoWithProcess>
  /** Writes a file and opens the page; see `PageFixture.open`. */
  openWithFile(
    demo: LargeDemo,
    name: string,
    bytes: number,
    options?: PageOptions,
    prepare?: (page: Page) => Promise<void>,
  ): Promise<PageWithFile>
  /** Opens the page and uploads a file until the proxy stops after a number of bytes. */
  uploadUntil(
    sentBytes: number,
    demo: LargeDemo,
    name: string,
    bytes: number,
  ): Promise<PageWithFile>
}

/** Returns the fixture of a test file; see `pageFixture`. */
export function largeFileFixture(): LargeFileFixture {
  const demos: LargeDemo[] = []
  const shared = pageFixture()
  // Before the pages are closed, so that none waits for a proxy that is on hold.
  afterEach(async () => {
    await Promise.all(demos.splice(0).map((demo) => demo.close()))
  })
  const closeAfterTest = <T extends LargeDemo>(demo: T): T => {
    demos.push(demo)
    return demo
  }
  const openWithFile: LargeFileFixture['openWithFile'] = async (demo, name, bytes, ...options) => {
    const path = join(shared.folder, name)
    const hash = await writeLargeFile(path, bytes)
    const page = await shared.open(demo.address, ...options)
    return { page, path, hash, watched: watchParts(page) }
  }
  return Object.assign(shared, {
    openWithFile,
    largeDemo: async (options: LargeDemoOptions = {}) =>
      closeAfterTest(await startLargeDemo(shared.clientDir, options)),
    largeDemoWithProcess: async (expiresInSeconds: number) =>
      closeAfterTest(await startLargeDemoWithProcess(shared.clientDir, expiresInSeconds)),
    async uploadUntil(sentBytes: number, demo: LargeDemo, name: string, bytes: number) {
      const opened = await openWithFile(demo, name, bytes)
      const held = demo.proxy.holdAt(sentBytes)
      await uploadFile(opened)
      await held
      return opened
    },
  })
}

/** Selects the file and uploads it. */
export async function uploadFile({
  page,
  path,
}: Pick<PageWithFile, 'page' | 'path'>): Promise<void> {
  await select(page, [path])
  await upload(page)
}

/** Returns the last row of the list of transfers. */
export function lastTransfer(page: Page): Locator {
  return page.locator('#results li').last()
}
