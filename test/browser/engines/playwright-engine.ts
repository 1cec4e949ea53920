import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Engine, OpenTab, TabOptions } from './tab.ts'

declare global {
  interface Window {
    violations?: string[]
  }
}

/** A tab of an engine that Playwright controls. */
export interface OpenPage extends OpenTab {
  tab: Page
}

export interface PageOptions extends Omit<BrowserContextOptions, keyof TabOptions>, TabOptions {}

/** An engine that Playwright controls. */
export class PlaywrightEngine implements Engine {
  readonly #launch: (colorScheme: 'light' | 'dark') => Promise<Browser>
  readonly #browsers = new Map<string, Promise<Browser>>()

  /** @param launch Returns the browser for a colour scheme; called once for each */
  constructor(launch: (colorScheme: 'light' | 'dark') => Promise<Browser>) {
    this.#launch = launch
  }

  async open(options: PageOptions = {}): Promise<OpenPage> {
    const { ignoreConsole, intercepts: _, ...contextOptions } = options
    const browser = await this.#browser(options.colorScheme === 'dark' ? 'dark' : 'light')
    const context = await browser.newContext({ locale: 'en-US', ...contextOptions })
    const page = await context.newPage()
    const errors: string[] = []
    await page.addInitScript(() => {
      window.violations = []
      document.addEventListener('securitypolicyviolation', (event) => {
        window.violations?.push(`${event.effectiveDirective} ${event.blockedURI}`)
      })
    })
    const record = (text: string): void => {
      if (isUnexpected(text, ignoreConsole)) errors.push(text)
    }
    // Firefox reports what its network stack logs as errors of the page.
    page.on('pageerror', (error) => record(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') record(message.text())
    })
    return {
      tab: page,
      async errors() {
        const violations = page.isClosed() ? [] : await page.evaluate(() => window.violations ?? [])
        return [...errors.splice(0), ...violations]
      },
      close: () => context.close(),
    }
  }

  async close(): Promise<void> {
    for (const browser of this.#browsers.values()) await (await browser).close()
  }

  #browser(colorScheme: 'light' | 'dark'): Promise<Browser> {
    let browser = this.#browsers.get(colorScheme)
    if (!browser) {
      browser = this.#launch(colorScheme)
      this.#browsers.set(colorScheme, browser)
    }
    return browser
  }
}

/** Returns whether a logged error is a fault. Browsers and Uppy log every failed request. */
export function isUnexpected(text: string, expected?: RegExp): boolean {
  if (/^Failed to load resource|^\[Uppy\] (?!.*Missing i18n)/.test(text)) return false
  if (!text.startsWith('The Same Origin Policy disallows')) return !expected?.test(text)
  // Firefox: either a failed request, or what Chromium calls the CORS policy.
  return !text.includes('CORS request did not succeed') && !expected?.test('CORS policy')
}
