import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../free-port.ts'
import { InterceptingProxy } from './intercepting-proxy.ts'
import { isUnexpected } from './playwright-engine.ts'
import { ProxiedTab } from './proxied-tab.ts'
import type { Engine, OpenTab, TabOptions } from './tab.ts'
import { WebDriverSession } from './webdriver-session.ts'
import { WebDriverTab } from './webdriver-tab.ts'

/** A locale that glibc has without further packages; copies of it give WebKit its language. */
const LOCALE = '/usr/lib/locale/C.utf8'

/**
 * WebKitGTK, controlled by WebKitWebDriver. Each tab has a driver process of its own, because language,
 * colour scheme and host names come from the environment of the process.
 */
export class WebKitEngine implements Engine {
  readonly #display: string
  readonly #folder: string
  readonly #processes: ChildProcess[]

  private constructor(display: string, folder: string, xvfb: ChildProcess) {
    this.#display = display
    this.#folder = folder
    this.#processes = [xvfb]
  }

  /** Starts a virtual display. @param hosts Host names and their addresses */
  static async launch(hosts: Readonly<Record<string, string>>): Promise<WebKitEngine> {
    const folder = await mkdtemp(join(tmpdir(), 'webkit-'))
    const lines = Object.entries({ localhost: '127.0.0.1', ...hosts })
    await writeFile(join(folder, 'hosts'), lines.map(([name, to]) => `${to} ${name}\n`).join(''))
    const args = ['-displayfd', '1', '-screen', '0', '1400x1100x24', '-nolisten', 'tcp']
    const xvfb = spawn('Xvfb', args, { stdio: ['ignore', 'pipe', 'ignore'] })
    const [number] = (await once(xvfb.stdout, 'data')) as [Buffer]
    return new WebKitEngine(`:${String(number).trim()}`, folder, xvfb)
  }

  async open(options: TabOptions = {}): Promise<OpenTab> {
    const { locale = 'en-US', colorScheme = 'light', viewport } = options
    const port = await freePort()
    // A mount namespace with its own /etc/hosts.
    const script = 'mount --bind "$1" /etc/hosts && shift && exec "$@"'
    const command = [join(this.#folder, 'hosts'), 'WebKitWebDriver', `--port=${port}`]
    const driver = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', ...command], {
      stdio: 'ignore',
      env: {
        ...process.env,
        DISPLAY: this.#display,
        GTK_THEME: colorScheme === 'dark' ? 'Adwaita:dark' : 'Adwaita',
        ...(await this.#language(locale)),
      },
    })
    this.#processes.push(driver)
    const proxy = options.intercepts ? await InterceptingProxy.start() : undefined
    const httpProxy = `127.0.0.1:${proxy?.port}`
    const session = await WebDriverSession.start(`http://127.0.0.1:${port}`, {
      browserName: 'MiniBrowser',
      ...(proxy ? { proxy: { proxyType: 'manual', httpProxy } } : {}),
    })
    await session.post('/timeouts', { script: 120_000 })
    if (viewport) await session.post('/window/rect', viewport)
    const tab = proxy
      ? new ProxiedTab(session, this.#folder, proxy)
      : new WebDriverTab(session, this.#folder)
    return {
      tab,
      async errors() {
        if (tab.isClosed()) return []
        const errors = await tab.evaluate(() => window.violations?.splice(0) ?? [])
        return errors.filter((text) => isUnexpected(text, options.ignoreConsole))
      },
      async close() {
        await session.end().catch(() => {})
        driver.kill()
        proxy?.close()
      },
    }
  }

  async close(): Promise<void> {
    for (const child of this.#processes) child.kill()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #language(locale: string): Promise<Record<string, string>> {
    const name = `${locale.replace('-', '_')}.UTF-8`
    const folder = join(this.#folder, 'locale')
    await mkdir(folder, { recursive: true })
    await cp(LOCALE, join(folder, name), { recursive: true })
    return { LOCPATH: folder, LANG: name, LC_ALL: name }
  }
}
