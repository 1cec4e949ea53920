import { isSendableAccessCode } from '@oss-direct-upload/contract'
import type { Strings } from './locales/en.ts'

/**
 * The access code from the page's fragment (`#code=…`) or its form. It is never stored, and removed
 * from the address, where others could read it and bookmarks would keep it.
 */
export class AccessCodeForm {
  readonly #form: HTMLFormElement
  readonly #input: HTMLInputElement
  readonly #hint: HTMLElement
  #strings: Strings
  #code: string | undefined
  #isWrong = false

  /** @param onCode Called when the user has entered a code */
  constructor(page: Document, strings: Strings, onCode: () => void) {
    this.#form = page.querySelector('#access-code') as HTMLFormElement
    this.#input = page.querySelector('#code') as HTMLInputElement
    this.#hint = page.querySelector('#code-hint') as HTMLElement
    this.#strings = strings
    this.#code = codeInFragment(page.location.hash)
    removeCodeFromAddress(page)
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      const code = this.#input.value.trim()
      if (!isSendableAccessCode(code)) {
        this.show({ isWrong: true })
        return
      }
      this.#code = code
      this.#input.value = ''
      this.#form.hidden = true
      onCode()
    })
  }

  /** The code to send, if there is one. */
  get code(): string | undefined {
    return this.#code
  }

  /** @param isWrong Whether the server has rejected the code, if there was one */
  show({ isWrong }: { isWrong: boolean }): void {
    this.#isWrong = isWrong && (this.#code !== undefined || this.#input.value !== '')
    if (isWrong) this.#code = undefined
    this.#form.hidden = false
    this.translate(this.#strings)
  }

  focus(): void {
    this.#input.focus()
  }

  translate(strings: Strings): void {
    this.#strings = strings
    this.#hint.textContent = this.#isWrong ? strings.codeWrong : strings.codeHint
  }
}

/** Returns the code in a fragment like `#code=…`; `undefined` without one that can be sent. */
export function codeInFragment(hash: string): string | undefined {
  // URLSearchParams reads a plus as a space, as in a form.
  const code = new URLSearchParams(hash.slice(1).replaceAll('+', '%2B')).get('code')
  return code !== null && isSendableAccessCode(code) ? code : undefined
}

function removeCodeFromAddress({ location, defaultView }: Document): void {
  if (!new URLSearchParams(location.hash.slice(1)).has('code')) return
  defaultView?.history.replaceState(null, '', `${location.pathname}${location.search}`)
}
