/**
 * The part of Playwright's `Page` that tests may use in every engine. Playwright's own `Page` fits; for
 * WebKit, `WebDriverTab` implements it.
 */
export interface Tab {
  goto(url: string): Promise<unknown>
  reload(): Promise<unknown>
  title(): Promise<string>
  /** Runs a script in the page. */
  evaluate(script: string): Promise<unknown>
  /** Runs a function in the page. @returns Its result, which must be JSON */
  evaluate<R>(run: () => R | Promise<R>): Promise<R>
  evaluate<R, A>(run: (argument: A) => R | Promise<R>, argument: A): Promise<R>
  /** Waits until a function returns a truthy value. */
  waitForFunction<A>(run: (argument: A) => unknown, argument: A): Promise<unknown>
  waitForTimeout(ms: number): Promise<void>
  setDefaultTimeout(ms: number): void
  locator(css: string, options?: { hasText?: string | RegExp }): TabLocator
  getByRole(role: Role, options?: { name?: string | RegExp; exact?: boolean }): TabLocator
  getByText(text: string | RegExp, options?: { exact?: boolean }): TabLocator
  getByLabel(text: string): TabLocator
  keyboard: { press(key: string): Promise<void> }
  close(): Promise<void>
  isClosed(): boolean
}

/** Roles that `getByRole` supports. */
export type Role =
  | 'button'
  | 'heading'
  | 'link'
  | 'list'
  | 'listitem'
  | 'log'
  | 'status'
  | 'textbox'

/** The part of Playwright's `Locator` that tests may use in every engine. */
export interface TabLocator {
  first(): TabLocator
  last(): TabLocator
  nth(index: number): TabLocator
  locator(css: string, options?: { hasText?: string | RegExp }): TabLocator
  getByRole(role: Role, options?: { name?: string | RegExp; exact?: boolean }): TabLocator
  getByText(text: string | RegExp, options?: { exact?: boolean }): TabLocator
  /** Waits for the element. @param options @default `visible` */
  waitFor(options?: { state?: 'attached' | 'detached' | 'visible' | 'hidden' }): Promise<void>
  click(): Promise<void>
  focus(): Promise<void>
  fill(text: string): Promise<void>
  count(): Promise<number>
  isVisible(): Promise<boolean>
  textContent(): Promise<string | null>
  allTextContents(): Promise<string[]>
  getAttribute(name: string): Promise<string | null>
  evaluate<R>(run: (element: HTMLElement) => R): Promise<R>
  evaluateAll<R>(run: (elements: HTMLElement[]) => R): Promise<R>
  setInputFiles(files: readonly string[] | readonly MemoryFile[]): Promise<void>
}

/** A file to select that is not on disk. */
export interface MemoryFile {
  name: string
  mimeType: string
  buffer: Buffer
}

export interface TabOptions {
  /** @default 'en-US' */
  locale?: string
  /** @default 'light' */
  colorScheme?: 'light' | 'dark'
  viewport?: { width: number; height: number }
  /** Whether the test watches or intercepts requests, or runs scripts before those of the page. */
  intercepts?: boolean
  /** Console errors that a test expects. */
  ignoreConsole?: RegExp
}

/** A tab with its own storage. */
export interface OpenTab {
  tab: Tab
  /** Returns, and forgets, the errors that the page has logged and its CSP violations. */
  errors(): Promise<string[]>
  close(): Promise<void>
}

/** A running engine. */
export interface Engine {
  /** Opens a tab in which nothing is loaded yet. */
  open(options: TabOptions): Promise<OpenTab>
  close(): Promise<void>
}
