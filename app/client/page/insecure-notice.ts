import type { Translation } from './language.ts'
import type { InsecureReason } from './locales/en.ts'

const REASONS: readonly InsecureReason[] = [
  'caUnreachable',
  'clock',
  'notOurs',
  'notReached',
  'pending',
  'rateLimited',
  'refused',
]

/** What the signing server tells of https, where it is meant to serve it. */
export interface HttpsNotice {
  isServing: boolean
  /** Origin of the encrypted page. */
  url: string
  reason: InsecureReason
}

/** @returns undefined when the server does not tell of https */
export function httpsNotice(value: unknown): HttpsNotice | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { state, url, reason } = value as Record<string, unknown>
  if (typeof url !== 'string' || URL.parse(url)?.protocol !== 'https:') return undefined
  return {
    isServing: state === 'serving',
    url,
    reason: REASONS.find((known) => known === reason) ?? (reason ? 'refused' : 'pending'),
  }
}

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
    const why = https.isServing ? '' : strings.unencryptedReasons[https.reason]
    this.#text.textContent = strings.unencrypted(why).trim()
    this.#link.href = https.url
    this.#link.hidden = !https.isServing
  }
}
