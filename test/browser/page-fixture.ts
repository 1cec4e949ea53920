import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { buildClient } from '../../app/client/build/build.ts'
import { type Demo, type DemoOptions, HOSTS, startDemo } from './demo.ts'
import { addErrorHook } from './engines/error-hook.ts'
import { ENGINE, launchEngine } from './engines/launch.ts'
import { engineLimit } from './engines/limits.ts'
import type { PageOptions } from './engines/playwright-engine.ts'
import type { Engine, OpenTab, Tab, TabOptions } from './engines/tab.ts'

/** What the tests of a file share: a browser, the built page, and what a test opens. */
export class PageFixture {
  #engine: Engine | undefined
  #folder = ''
  readonly #tabs: OpenTab[] = []
  readonly #demos: Demo[] = []

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

  /** Opens the page in a new tab, in any engine. */
  async openTab(url: string, options: TabOptions = {}): Promise<Tab> {
    const opened = await this.engine.open(options)
    this.#tabs.push(opened)
    await load(opened.tab, url)
    return opened.tab
  }

  /**
   * Opens the page in a new tab. In WebKit it has only the members of `ProxiedTab`; `engines/limits.ts` lists
   * the tests that need others.
   *
   * @param prepare Called before the page loads
   */
  async open(
    url: string,
    options: PageOptions = {},
    prepare: (page: Page) => Promise<void> = async () => {},
  ): Promise<Page> {
    const opened = await this.engine.open({ ...options, intercepts: true })
    this.#tabs.push(opened)
    const page = opened.tab as Page
    await prepare(page)
    await load(page, url)
    return page
  }

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'page-'))
    await buildClient(this.clientDir)
    if (ENGINE === 'webkit') await addErrorHook(this.clientDir)
    this.#engine = await launchEngine(HOSTS)
  }

  get engine(): Engine {
    if (!this.#engine) throw new Error('The browser has not been started')
    return this.#engine
  }

  /** Closes what a test has opened, and returns the errors of its pages. */
  async endTest(): Promise<string[]> {
    const tabs = this.#tabs.splice(0)
    const errors = await Promise.all(tabs.map((opened) => opened.errors()))
    await Promise.all(tabs.map((opened) => opened.close()))
    await Promise.all(this.#demos.splice(0).map((demo) => demo.close()))
    return errors.flat()
  }

  async end(): Promise<void> {
    await this.#engine?.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

async function load(tab: Tab, url: string): Promise<void> {
  await tab.goto(url)
  await tab
    .locator('#select-files + input, #result, #unsupported:not([hidden])')
    .first()
    .waitFor({ state: 'attached' })
}

/** Returns the fixture of a test file. Fails a test that logs an error or violates the CSP. */
export function pageFixture(): PageFixture {
  const shared = new PageFixture()
  beforeAll(() => shared.start())
  beforeEach(({ task, skip }) => {
    const reason = engineLimit(ENGINE, task.file.name, task.name)
    if (reason !== undefined) skip(reason)
  })
  afterEach(async () => {
    expect(await shared.endTest()).toEqual([])
  })
  afterAll(() => shared.end())
  return shared
}
