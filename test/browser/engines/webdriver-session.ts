import { setTimeout as sleep } from 'node:timers/promises'

/** Key of an element's id in WebDriver's JSON. Source: W3C WebDriver, "Elements". */
const ELEMENT_KEY = 'element-6066-11e4-a52e-4f735466cecf'

/** Reference to an element in a page. */
export type ElementReference = { [ELEMENT_KEY]: string }

/** An error response of the driver. */
export class WebDriverError extends Error {
  override readonly name = 'WebDriverError'
  /** For example `stale element reference`. */
  readonly code: string

  constructor(code: string, message: string) {
    super(`${code}: ${message}`)
    this.code = code
  }
}

/** A session of a W3C WebDriver. */
export class WebDriverSession {
  readonly #address: string

  private constructor(address: string) {
    this.#address = address
  }

  /**
   * Starts a session, and waits for the driver to listen.
   *
   * @param origin Of the driver
   * @param capabilities Required ones
   */
  static async start(origin: string, capabilities: object): Promise<WebDriverSession> {
    const body = { capabilities: { alwaysMatch: capabilities } }
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { sessionId } = (await send(`${origin}/session`, 'POST', body)) as {
          sessionId: string
        }
        return new WebDriverSession(`${origin}/session/${sessionId}`)
      } catch (error) {
        if (error instanceof WebDriverError || attempt === 200) throw error
        await sleep(50)
      }
    }
  }

  get(path: string): Promise<unknown> {
    return send(this.#address + path, 'GET')
  }

  post(path: string, body: object = {}): Promise<unknown> {
    return send(this.#address + path, 'POST', body)
  }

  async end(): Promise<void> {
    await send(this.#address, 'DELETE')
  }

  /**
   * Runs the body of an async function in the page.
   *
   * @param args Available as `args`; JSON or element references
   * @throws Error with the message of what the function throws
   */
  async run(body: string, ...args: unknown[]): Promise<unknown> {
    const script = `const [args, done] = arguments;
(async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error?.message ?? error) }))`
    const result = (await this.post('/execute/async', { script, args: [args] })) as {
      value?: unknown
      error?: string
    }
    if (result.error !== undefined) throw new Error(result.error)
    return result.value
  }

  /** Clicks an element like a user. */
  async click(element: ElementReference): Promise<void> {
    await this.post(`/element/${element[ELEMENT_KEY]}/click`)
  }

  /** Types into an element; a file input receives paths, one a line. */
  async sendKeys(element: ElementReference, text: string): Promise<void> {
    await this.post(`/element/${element[ELEMENT_KEY]}/value`, { text })
  }
}

async function send(url: string, method: string, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const { value } = (await response.json()) as { value: unknown }
  if (response.ok) return value
  const { error = '', message = '' } = value as { error?: string; message?: string }
  throw new WebDriverError(error, message)
}
