import { isSendableAccessCode } from '../../contract/index.ts'
import type { Strings } from './locales/en.ts'

/** The access code, from the page's link fragment (`#code=…`) or its form; kept in memory only. */
export class AccessCodeForm {
  readonly #form: HTMLFormElement
  readonly #input: HTMLInputElement
  readonly #hint: HTMLElement
  #strings: Strings
  #code: string | undefined
  #refused = false

  /** @param onCode Told when the user has entered a code */
  constructor(page: Document, strings: Strings, onCode: () => void) {
    this.#form = page.querySelector('#access-code') as HTMLFormElement
    this.#input = page.querySelector('#code') as HTMLInputElement
    this.#hint = page.querySelector('#code-hint') as HTMLElement
    this.#strings = strings
    this.#code = codeInFragment(page.location.hash)
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      const code = this.#input.value.trim()
      if (!isSendableAccessCode(code)) {
        this.ask(true)
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

  /**
   * Shows the form.
   *
   * @param refused Whether the server has refused the code that there was
   */
  ask(refused: boolean): void {
    this.#refused = refused && (this.#code !== undefined || this.#input.value !== '')
    if (refused) this.#code = undefined
    this.#form.hidden = false
    this.translate(this.#strings)
  }

  /** Puts the cursor into the form. */
  focus(): void {
    this.#input.focus()
  }

  translate(strings: Strings): void {
    this.#strings = strings
    this.#hint.textContent = this.#refused ? strings.codeWrong : strings.codeHint
  }
}

/** The code in a fragment like `#code=…`; undefined when there is none that could be sent. */
export function codeInFragment(hash: string): string | undefined {
  // A plus in a fragment is a plus, not the space that it means in a form.
  const code = new URLSearchParams(hash.slice(1).replaceAll('+', '%2B')).get('code')
  return code !== null && isSendableAccessCode(code) ? code : undefined
}
