import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { buildClient } from '../../app/client/build/build.ts'
import { launchChromium } from './chromium.ts'
import { type Demo, type DemoOptions, HOSTS, startDemo } from './demo.ts'

declare global {
  interface Window {
    violations?: string[]
  }
}

export interface OpenOptions extends BrowserContextOptions {
  /** Console errors that a test expects. */
  ignoreConsole?: RegExp
}

/** What the tests of a file share: a browser, the built page, and what a test opens. */
export class PageFixture {
  #browser: Browser | undefined
  #folder = ''
  readonly #contexts: BrowserContext[] = []
  readonly #pages: Page[] = []
  readonly #demos: Demo[] = []
  readonly #errors: string[] = []

  /** Folder for a test's files, removed after the last test. */
  get folder(): string {
    return this.#folder
  }

  /** Writes a file to select. */
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

  /** Starts a demo that is closed after the test. */
  async demo(options: DemoOptions = {}): Promise<Demo> {
    const demo = await startDemo(this.clientDir, options)
    this.#demos.push(demo)
    return demo
  }

  /**
   * Opens the page in a new browser context.
   *
   * @param prepare Called before the page loads
   */
  async open(
    url: string,
    options: OpenOptions = {},
    prepare: (page: Page) => Promise<void> = async () => {},
  ): Promise<Page> {
    if (!this.#browser) throw new Error('The browser has not been started')
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
    page.on('pageerror', (error) => this.#errors.push(error.message))
    page.on('console', (message) => {
      const text = message.text()
      // Browser and Uppy log every failed request.
      if (/^Failed to load resource|^\[Uppy\] (?!.*Missing i18n)/.test(text)) return
      if (ignoreConsole?.test(text)) return
      if (message.type() === 'error') this.#errors.push(text)
    })
    await prepare(page)
    await page.goto(url)
    await page
      .locator('.uppy-Dashboard-AddFiles-title, #result, #unsupported:not([hidden])')
      .first()
      .waitFor({ state: 'attached' })
    return page
  }

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'page-'))
    await buildClient(this.clientDir)
    this.#browser = await launchChromium(HOSTS)
  }

  /** Closes what a test has opened, and returns the errors of its pages. */
  async endTest(): Promise<string[]> {
    const errors = this.#errors.splice(0)
    for (const page of this.#pages.splice(0)) {
      if (!page.isClosed()) errors.push(...(await page.evaluate(() => window.violations ?? [])))
    }
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()))
    await Promise.all(this.#demos.splice(0).map((demo) => demo.close()))
    return errors
  }

  async end(): Promise<void> {
    await this.#browser?.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** Returns the fixture of a test file. Fails a test that logs an error or violates the CSP. */
export function pageFixture(): PageFixture {
  const shared = new PageFixture()
  beforeAll(() => shared.start())
  afterEach(async () => {
    expect(await shared.endTest()).toEqual([])
  })
  afterAll(() => shared.end())
  return shared
}
