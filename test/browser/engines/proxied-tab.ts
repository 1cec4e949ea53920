import { setTimeout as sleep } from 'node:timers/promises'
import type { InterceptingProxy, ProxyEvents } from './intercepting-proxy.ts'
import type { Handler } from './proxied-request.ts'
import type { WebDriverSession } from './webdriver-session.ts'
import { WebDriverTab } from './webdriver-tab.ts'

/** Time without requests after which the network counts as idle, as in Playwright. */
const IDLE_MS = 500

/** A tab of plain WebDriver whose requests go through a proxy, with more members of Playwright's `Page`. */
export class ProxiedTab extends WebDriverTab {
  readonly #proxy: InterceptingProxy
  #lastRequestMs = performance.now()

  constructor(session: WebDriverSession, folder: string, proxy: InterceptingProxy) {
    super(session, folder)
    this.#proxy = proxy
    const onRequest = (): void => {
      this.#lastRequestMs = performance.now()
    }
    proxy.on('request', onRequest)
    proxy.on('requestfinished', onRequest)
  }

  on<E extends keyof ProxyEvents>(event: E, listener: ProxyEvents[E]): void {
    this.#proxy.on(event, listener)
  }

  async route(pattern: string, handler: Handler): Promise<void> {
    this.#proxy.route(pattern, handler)
  }

  async unrouteAll(): Promise<void> {
    this.#proxy.unrouteAll()
  }

  async addInitScript<A>(run: (argument: A) => void, argument?: A): Promise<void> {
    this.#proxy.addInitScript(`(${run})(${JSON.stringify(argument)})`)
  }

  async waitForLoadState(_state: 'networkidle'): Promise<void> {
    while (performance.now() - this.#lastRequestMs < IDLE_MS) await sleep(50)
  }
}
