import type { ServerConfig } from '../uploader/server-config.ts'
import { sizeText } from './format-units.ts'
import type { Translation } from './language.ts'

/** What the page says of the signing server: whether it answers, what it takes, where files go. */
export class ServerStatus {
  readonly #offline: HTMLElement
  readonly #unreachable: HTMLElement
  readonly #text: HTMLElement
  readonly #tryAgain: HTMLButtonElement
  readonly #destination: HTMLElement
  readonly #serverUrl: string | undefined
  readonly #ownHost: string
  #config: ServerConfig | undefined

  /**
   * @param serverUrl undefined when the page was told nonsense
   * @param onTryAgain Told when it is time to ask the server again
   */
  constructor(page: Document, serverUrl: string | undefined, onTryAgain: () => void) {
    this.#offline = page.querySelector('#offline') as HTMLElement
    this.#unreachable = page.querySelector('#unreachable') as HTMLElement
    this.#text = page.querySelector('#unreachable-text') as HTMLElement
    this.#tryAgain = page.querySelector('#try-again') as HTMLButtonElement
    this.#destination = page.querySelector('#destination') as HTMLElement
    this.#serverUrl = serverUrl
    this.#ownHost = page.location.host
    this.#unreachable.hidden = serverUrl !== undefined
    this.#tryAgain.hidden = serverUrl === undefined
    this.#tryAgain.addEventListener('click', onTryAgain)
    page.defaultView?.addEventListener('online', () => {
      this.#offline.hidden = true
      if (!this.#unreachable.hidden) onTryAgain()
    })
  }

  /** @param config undefined when the server tells no limits */
  reached(config: ServerConfig | undefined): void {
    this.#config = config
    this.#unreachable.hidden = true
  }

  unreachable(): void {
    this.#unreachable.hidden = false
  }

  /** An upload waits for the connection. */
  offline(): void {
    this.#offline.hidden = false
  }

  /** @returns The line on what may be selected; null when nothing is known */
  translate({ strings, tag }: Translation): string | null {
    const known = this.#serverUrl !== undefined
    this.#text.textContent = known ? strings.serverSilent : strings.badServerUrl
    const signer = this.#serverUrl === undefined ? '' : new URL(this.#serverUrl).host
    const uploadHost = this.#config?.uploadHost ?? ''
    this.#destination.textContent = [
      URL.canParse(uploadHost) ? strings.destination(new URL(uploadHost).host) : '',
      known && signer !== this.#ownHost ? strings.signedBy(signer) : '',
    ]
      .filter((part) => part !== '')
      .join(' · ')
    if (this.#config === undefined) return null
    return strings.limits(sizeText(this.#config.maxSize, tag), this.#config.allowedTypes)
  }
}
