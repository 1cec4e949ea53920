import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  CDPSession,
  Page,
} from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { buildClient } from '../../app/client/build/build.ts'
import { launchChromium } from './chromium.ts'
import { type Demo, type DemoOptions, HOSTS, startDemo } from './demo.ts'

declare global {
  interface Window {
    violations?: string[]
  }
}

export interface VisitOptions extends BrowserContextOptions {
  /** Console errors that belong to what is tested. */
  ignoreConsole?: RegExp
}

/** What the tests of one file share: one browser, one built page, and whatever a test opens. */
export class Visits {
  #browser: Browser | undefined
  #folder = ''
  readonly #contexts: BrowserContext[] = []
  readonly #pages: Page[] = []
  readonly #demos: Demo[] = []
  readonly #complaints: string[] = []

  /** Folder for what a test writes; gone after the last. */
  get folder(): string {
    return this.#folder
  }

  /** Writes a file for a test to select. */
  async write(name: string, content: string): Promise<string> {
    const path = join(this.#folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
    return path
  }

  /** Folder of the built page. */
  get clientDir(): string {
    return join(this.#folder, 'client')
  }

  /** Starts a demo that ends with the test. */
  async demo(options: DemoOptions = {}): Promise<Demo> {
    const demo = await startDemo(this.clientDir, options)
    this.#demos.push(demo)
    return demo
  }

  /**
   * Opens a page as a new visitor.
   *
   * @param prepare Called before the page is loaded
   */
  async open(
    url: string,
    options: VisitOptions = {},
    prepare: (page: Page) => Promise<void> = async () => {},
  ): Promise<Page> {
    if (!this.#browser) throw new Error('The browser is not there yet')
    const { ignoreConsole, ...contextOptions } = options
    const context = await this.#browser.newContext({ locale: 'en-US', ...contextOptions })
    this.#contexts.push(context)
    const page = await context.newPage()
    this.#pages.push(page)
    await page.addInitScript(() => {
      window.violations = []
      document.addEventListener('securitypolicyviolation', (event) => {
        window.violations?.push(`${event.effectiveDirective} ${event.blockedURI}`)
      })
    })
    page.on('pageerror', (error) => this.#complaints.push(error.message))
    page.on('console', (message) => {
      const text = message.text()
      // Browser and Uppy say this of every refusal; what the page makes of it is what is tested.
      if (/^Failed to load resource|^\[Uppy\] (?!.*Missing i18n)/.test(text)) return
      if (ignoreConsole?.test(text)) return
      if (message.type() === 'error') this.#complaints.push(text)
    })
    await prepare(page)
    await page.goto(url)
    await page
      .locator('.uppy-Dashboard-AddFiles-title, #result')
      .first()
      .waitFor({ state: 'attached' })
    return page
  }

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'visit-'))
    await buildClient(this.clientDir)
    this.#browser = await launchChromium(HOSTS)
  }

  /** Ends what a test opened, and tells what its pages complained of. */
  async endTest(): Promise<string[]> {
    const complaints = this.#complaints.splice(0)
    for (const page of this.#pages.splice(0)) {
      if (!page.isClosed()) complaints.push(...(await page.evaluate(() => window.violations ?? [])))
    }
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()))
    await Promise.all(this.#demos.splice(0).map((demo) => demo.close()))
    return complaints
  }

  async end(): Promise<void> {
    await this.#browser?.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** For a test file: no test may leave an error in the console or break the page's CSP. */
export function visits(): Visits {
  const shared = new Visits()
  beforeAll(() => shared.start())
  afterEach(async () => {
    expect(await shared.endTest()).toEqual([])
  })
  afterAll(() => shared.end())
  return shared
}

/** A file as it is selected from memory. */
export function file(name: string, content: Buffer | string, mimeType = '') {
  return { name, mimeType, buffer: Buffer.from(content) }
}

/** Selects files as the file picker does. */
export async function select(
  page: Page,
  files: ReturnType<typeof file>[] | string[],
): Promise<void> {
  await page.locator('input.uppy-Dashboard-input').first().setInputFiles(files)
}

/** Presses the button that starts, whatever number of files it names. */
export async function upload(page: Page): Promise<void> {
  await page.locator('.uppy-StatusBar-actionBtn--upload').click()
}

/** Waits for as many transfers to be over, and tells each as `state: name: text`. */
export async function results(page: Page, count: number): Promise<string[]> {
  await page.waitForFunction((wanted) => {
    const over = ['stored', 'callbackFailed', 'failed', 'notAdded', 'cancelled']
    const items = [...document.querySelectorAll<HTMLElement>('#results li')]
    return items.filter((item) => over.includes(item.dataset.state ?? '')).length >= wanted
  }, count)
  return page.locator('#results li').evaluateAll((items) =>
    items.map((item) => {
      const text = (selector: string) => item.querySelector(selector)?.textContent ?? ''
      return `${(item as HTMLElement).dataset.state}: ${text('strong')}: ${text('.text')}`
    }),
  )
}

// What one session slows down, another does not make fast again.
const networks = new WeakMap<Page, Promise<CDPSession>>()

/** Sets how fast a page's network is from then on: bytes a second, both ways. */
export async function slowDown(page: Page, bytesPerSecond: number): Promise<void> {
  const opened = networks.get(page) ?? page.context().newCDPSession(page)
  networks.set(page, opened)
  const session = await opened
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  })
}

/** SHA-256 in hex. */
export function hash(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex')
}
