import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findElements, type QueryStep, textMatch } from './element-query.ts'
import type { MemoryFile, Tab, TabLocator } from './tab.ts'
import {
  type ElementReference,
  WebDriverError,
  type WebDriverSession,
} from './webdriver-session.ts'

const POLL_MS = 50
/** Errors of an element that may be ready in a moment. */
const TRANSIENT = [
  'element click intercepted',
  'element not interactable',
  'no such element',
  'stale element reference',
]
/** Source: W3C WebDriver, "Keyboard actions". */
const KEYS: Readonly<Record<string, string>> = {
  ArrowDown: '\uE015',
  ArrowLeft: '\uE012',
  ArrowRight: '\uE014',
  ArrowUp: '\uE013',
  Backspace: '\uE003',
  Control: '\uE009',
  Delete: '\uE017',
  Enter: '\uE007',
  Escape: '\uE00C',
  Shift: '\uE008',
  Space: ' ',
  Tab: '\uE004',
}

/** Takes the one element that was found, or returns null. */
const SINGLE = `if (found.length > 1) throw new Error(found.length + ' elements match');
const [element] = found; if (!element) return null;`

type Options = Parameters<Tab['getByRole']>[1]
type State = NonNullable<Parameters<TabLocator['waitFor']>[0]>['state']

/** A tab that is controlled by plain WebDriver. */
export class WebDriverTab implements Tab {
  readonly session: WebDriverSession
  /** For selected files that are not on disk. */
  readonly folder: string
  timeoutMs = 30_000
  #isClosed = false

  constructor(session: WebDriverSession, folder: string) {
    this.session = session
    this.folder = folder
  }

  async goto(url: string): Promise<void> {
    await this.session.post('/url', { url })
  }

  async reload(): Promise<void> {
    await this.session.post('/refresh')
  }

  async title(): Promise<string> {
    return (await this.session.get('/title')) as string
  }

  evaluate(script: string): Promise<unknown>
  evaluate<R, A>(run: (argument: A) => R | Promise<R>, argument?: A): Promise<R>
  async evaluate(run: unknown, argument?: unknown): Promise<unknown> {
    if (typeof run === 'string') return this.session.run(run)
    return this.session.run(`return (${run})(args[0])`, argument ?? null)
  }

  async waitForFunction<A>(run: (argument: A) => unknown, argument: A): Promise<void> {
    await this.poll(String(run), async () => {
      return (await this.evaluate(run, argument)) || undefined
    })
  }

  async waitForTimeout(ms: number): Promise<void> {
    await sleep(ms)
  }

  setDefaultTimeout(ms: number): void {
    this.timeoutMs = ms
  }

  locator(css: string, options?: { hasText?: string | RegExp }): WebDriverLocator {
    return new WebDriverLocator(this, []).locator(css, options)
  }

  getByRole(role: string, options?: Options): WebDriverLocator {
    return new WebDriverLocator(this, []).getByRole(role, options)
  }

  getByText(text: string | RegExp, options?: { exact?: boolean }): WebDriverLocator {
    return new WebDriverLocator(this, []).getByText(text, options)
  }

  getByLabel(text: string): WebDriverLocator {
    return new WebDriverLocator(this, []).getByLabel(text)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.session.end()
  }

  isClosed(): boolean {
    return this.#isClosed
  }

  readonly keyboard = {
    /** @param key For example `Enter` or `Shift+Tab` */
    press: async (key: string): Promise<void> => {
      const values = key.split('+').map((name) => KEYS[name] ?? name)
      const actions = [
        ...values.map((value) => ({ type: 'keyDown', value })),
        ...values.toReversed().map((value) => ({ type: 'keyUp', value })),
      ]
      await this.session.post('/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] })
    },
  }

  /** Repeats an attempt until it returns a value. @throws Error when that takes too long */
  async poll<T>(title: string, attempt: () => Promise<T | undefined>): Promise<T> {
    const deadline = Date.now() + this.timeoutMs
    for (;;) {
      const value = await attempt()
      if (value !== undefined) return value
      if (Date.now() > deadline) throw new Error(`Timeout of ${this.timeoutMs} ms: ${title}`)
      await sleep(POLL_MS)
    }
  }
}

class WebDriverLocator implements TabLocator {
  readonly #tab: WebDriverTab
  readonly #steps: readonly QueryStep[]

  constructor(tab: WebDriverTab, steps: readonly QueryStep[]) {
    this.#tab = tab
    this.#steps = steps
  }

  first(): WebDriverLocator {
    return this.nth(0)
  }

  last(): WebDriverLocator {
    return this.nth(-1)
  }

  nth(nth: number): WebDriverLocator {
    return this.#then({ nth })
  }

  locator(css: string, { hasText }: { hasText?: string | RegExp } = {}): WebDriverLocator {
    return this.#then({ css, ...(hasText === undefined ? {} : { hasText: textMatch(hasText) }) })
  }

  getByRole(role: string, { name, exact }: Options = {}): WebDriverLocator {
    return this.#then({ role, ...(name === undefined ? {} : { name: textMatch(name, exact) }) })
  }

  getByText(text: string | RegExp, { exact }: { exact?: boolean } = {}): WebDriverLocator {
    return this.#then({ innermostText: textMatch(text, exact) })
  }

  getByLabel(text: string): WebDriverLocator {
    return this.#then({ label: textMatch(text) })
  }

  async waitFor({ state = 'visible' }: { state?: State } = {}): Promise<void> {
    await this.#tab.poll(`${state}: ${this}`, async () => {
      const visible = await this.#visibilities()
      const isReached = {
        attached: visible.length > 0,
        detached: visible.length === 0,
        visible: visible.includes(true),
        hidden: !visible.includes(true),
      }[state]
      return isReached || undefined
    })
  }

  async click(): Promise<void> {
    await this.#act('click', (element) => this.#tab.session.click(element))
  }

  async focus(): Promise<void> {
    await this.evaluate((element) => element.focus())
  }

  async fill(text: string): Promise<void> {
    await this.#act('fill', async (element) => {
      await this.#tab.session.run('args[0].value = ""', element)
      await this.#tab.session.sendKeys(element, text)
    })
  }

  async setInputFiles(files: readonly string[] | readonly MemoryFile[]): Promise<void> {
    const paths: string[] = []
    for (const file of files) {
      if (typeof file === 'string') paths.push(file)
      else {
        // Each in a folder of its own, as several may have the same name.
        const path = join(await mkdtemp(join(this.#tab.folder, 'selected-')), file.name)
        await writeFile(path, file.buffer)
        paths.push(path)
      }
    }
    const element = await this.#one()
    await this.#tab.session.sendKeys(element, paths.join('\n'))
  }

  async count(): Promise<number> {
    return (await this.#visibilities()).length
  }

  async isVisible(): Promise<boolean> {
    return (await this.#visibilities()).includes(true)
  }

  async textContent(): Promise<string | null> {
    return this.evaluate((element) => element.textContent)
  }

  async allTextContents(): Promise<string[]> {
    return this.evaluateAll((elements) => elements.map((element) => element.textContent ?? ''))
  }

  async getAttribute(name: string): Promise<string | null> {
    return (await this.#evaluateOne('return element.getAttribute(args[1])', name)) as string | null
  }

  async evaluate<R>(run: (element: HTMLElement) => R): Promise<R> {
    return (await this.#evaluateOne(`return (${run})(element)`)) as R
  }

  async evaluateAll<R>(run: (elements: HTMLElement[]) => R): Promise<R> {
    return (await this.#find(`return (${run})(found)`)) as R
  }

  toString(): string {
    return JSON.stringify(this.#steps)
  }

  #then(step: QueryStep): WebDriverLocator {
    return new WebDriverLocator(this.#tab, [...this.#steps, step])
  }

  #find(body: string, argument?: unknown): Promise<unknown> {
    const script = `const found = (${findElements})(args[0]); ${body}`
    return this.#tab.session.run(script, this.#steps, argument ?? null)
  }

  /** Waits for the element, and runs the body of a function with it. */
  async #evaluateOne(body: string, argument?: unknown): Promise<unknown> {
    const script = `${SINGLE} return { result: await (async () => { ${body} })() }`
    const { result } = await this.#tab.poll(`${this}`, async () => {
      return ((await this.#find(script, argument)) as { result: unknown } | null) ?? undefined
    })
    return result
  }

  async #visibilities(): Promise<boolean[]> {
    return (await this.#find(
      'return found.map((element) => element.checkVisibility({ visibilityProperty: true }))',
    )) as boolean[]
  }

  async #one(): Promise<ElementReference> {
    return (await this.#evaluateOne('return element')) as ElementReference
  }

  /** Waits until an action on the enabled element succeeds. */
  async #act(title: string, action: (element: ElementReference) => Promise<void>): Promise<void> {
    await this.#tab.poll(`${title}: ${this}`, async () => {
      try {
        const element = await this.#one()
        if (await this.#tab.session.run('return args[0].disabled === true', element))
          return undefined
        await action(element)
        return true
      } catch (error) {
        if (error instanceof WebDriverError && TRANSIENT.includes(error.code)) return undefined
        throw error
      }
    })
  }
}
