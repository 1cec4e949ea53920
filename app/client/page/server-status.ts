import type { ServerConfig } from '@oss-direct-upload/uploader'
import { formatBytes } from './format-units.ts'
import type { Translation } from './language.ts'

/** Shows whether the signing server responds, what it allows, and where files go. */
export class ServerStatus {
  readonly #offline: HTMLElement
  readonly #unreachable: HTMLElement
  readonly #text: HTMLElement
  readonly #retry: HTMLButtonElement
  readonly #destination: HTMLElement
  readonly #serverUrl: string | undefined
  readonly #pageHost: string
  #config: ServerConfig | undefined

  /**
   * @param serverUrl `undefined` when the page does not accept the one in its address
   * @param onRetry Called when the configuration should be requested again
   */
  constructor(page: Document, serverUrl: string | undefined, onRetry: () => void) {
    this.#offline = page.querySelector('#offline') as HTMLElement
    this.#unreachable = page.querySelector('#unreachable') as HTMLElement
    this.#text = page.querySelector('#unreachable-text') as HTMLElement
    this.#retry = page.querySelector('#retry-server') as HTMLButtonElement
    this.#destination = page.querySelector('#destination') as HTMLElement
    this.#serverUrl = serverUrl
    this.#pageHost = page.location.host
    this.#unreachable.hidden = serverUrl !== undefined
    this.#retry.hidden = serverUrl === undefined
    this.#retry.addEventListener('click', onRetry)
    page.defaultView?.addEventListener('online', () => {
      this.#offline.hidden = true
      if (!this.#unreachable.hidden) onRetry()
    })
  }

  /** @param config `undefined` when the server has none */
  showReachable(config: ServerConfig | undefined): void {
    this.#config = config
    this.#unreachable.hidden = true
  }

  showUnreachable(): void {
    this.#unreachable.hidden = false
  }

  /** Shows that uploads wait for the network, until it is back. */
  showOffline(): void {
    this.#offline.hidden = false
  }

  /** Returns the text about what may be selected; `null` while that is not known. */
  translate({ strings, tag }: Translation): string | null {
    const isAccepted = this.#serverUrl !== undefined
    this.#text.textContent = isAccepted ? strings.serverUnreachable : strings.serverNotAccepted
    const serverHost = this.#serverUrl === undefined ? '' : new URL(this.#serverUrl).host
    const uploadHost = this.#config?.uploadHost ?? ''
    this.#destination.textContent = [
      URL.canParse(uploadHost) ? strings.destination(new URL(uploadHost).host) : '',
      isAccepted && serverHost !== this.#pageHost ? strings.signedBy(serverHost) : '',
    ]
      .filter((part) => part !== '')
      .join(' · ')
    if (this.#config === undefined) return null
    return strings.limits(formatBytes(this.#config.maxSize, tag), this.#config.allowedTypes)
  }
}
