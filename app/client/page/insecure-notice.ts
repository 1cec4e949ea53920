import type { HttpsNotice } from '@oss-direct-upload/contract'
import type { Translation } from './language.ts'

/** Shows that the page was loaded over http, and why, where the server should serve https. */
export class InsecureNotice {
  readonly #notice: HTMLElement
  readonly #text: HTMLElement
  readonly #link: HTMLAnchorElement
  readonly #isHttp: boolean
  #https: HttpsNotice | undefined

  constructor(page: Document) {
    this.#notice = page.querySelector('#unencrypted') as HTMLElement
    this.#text = page.querySelector('#unencrypted-text') as HTMLElement
    this.#link = page.querySelector('#encrypted-page') as HTMLAnchorElement
    this.#isHttp = page.location.protocol === 'http:'
  }

  /** @param https `undefined` when the server is not meant to serve https */
  update(https: HttpsNotice | undefined): void {
    this.#https = https
  }

  translate({ strings }: Translation): void {
    const https = this.#https
    this.#notice.hidden = !this.#isHttp || https === undefined
    if (https === undefined) return
    const isServing = https.state === 'serving'
    const reason = isServing ? '' : strings.insecureReasons[https.reason ?? 'pending']
    this.#text.textContent = strings.insecure(reason).trim()
    this.#link.href = https.url
    this.#link.hidden = !isServing
  }
}
