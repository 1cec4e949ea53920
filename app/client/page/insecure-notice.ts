import type { HttpsNotice } from '../../contract/index.ts'
import type { Translation } from './language.ts'

/** Says that the page came over an open connection, and why, where it should have come over https. */
export class InsecureNotice {
  readonly #notice: HTMLElement
  readonly #text: HTMLElement
  readonly #link: HTMLAnchorElement
  readonly #isOpen: boolean
  #https: HttpsNotice | undefined

  constructor(page: Document) {
    this.#notice = page.querySelector('#unencrypted') as HTMLElement
    this.#text = page.querySelector('#unencrypted-text') as HTMLElement
    this.#link = page.querySelector('#encrypted-page') as HTMLAnchorElement
    this.#isOpen = page.location.protocol === 'http:'
  }

  /** @param https undefined when the server does not tell of it */
  told(https: HttpsNotice | undefined): void {
    this.#https = https
  }

  translate({ strings }: Translation): void {
    const https = this.#https
    this.#notice.hidden = !this.#isOpen || https === undefined
    if (https === undefined) return
    const isServing = https.state === 'serving'
    const why = isServing ? '' : strings.unencryptedReasons[https.reason ?? 'pending']
    this.#text.textContent = strings.unencrypted(why).trim()
    this.#link.href = https.url
    this.#link.hidden = !isServing
  }
}
