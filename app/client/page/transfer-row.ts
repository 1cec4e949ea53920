import type { Translation } from './language.ts'
import {
  type Transfer,
  type TransferAction,
  transferActions,
  transferKind,
  transferName,
  transferText,
} from './transfer-text.ts'

/** Types of pictures that every supported browser shows. */
const PICTURE = /^image\/(jpeg|png|gif|webp|avif)$/
/** Larger pictures take long to decode. */
const MAX_PICTURE_BYTES = 20 * 1024 ** 2

/** The element of one line of the list. */
export class TransferRow {
  readonly item = document.createElement('li')
  readonly transfer: Transfer
  readonly #text = document.createElement('span')
  readonly #progress = document.createElement('progress')
  readonly #buttons = document.createElement('span')
  readonly #thumbnail: HTMLImageElement | undefined

  constructor(transfer: Transfer) {
    this.transfer = transfer
    const name = document.createElement('strong')
    name.textContent = transferName(transfer)
    this.#text.className = 'text'
    this.#progress.setAttribute('aria-label', transferName(transfer))
    this.#buttons.className = 'buttons'
    this.#thumbnail = thumbnailOf(transfer)
    // Focus stays here when the button that had it is gone.
    this.item.tabIndex = -1
    if (this.#thumbnail) this.item.append(this.#thumbnail)
    this.item.append(name, this.#text, this.#progress, this.#buttons)
  }

  render(translation: Translation): void {
    const { transfer } = this
    this.item.dataset.state = transferKind(transfer)
    this.#text.textContent = transferText(transfer, translation, performance.now())
    this.#renderProgress()
    this.#renderButtons(transferActions(transfer), translation)
  }

  /** Call when the row is no longer shown. */
  release(): void {
    if (this.#thumbnail) URL.revokeObjectURL(this.#thumbnail.src)
    this.item.remove()
  }

  #renderProgress(): void {
    const { transfer } = this
    const upload = 'upload' in transfer ? transfer.upload : undefined
    const kinds = ['sending', 'paused', 'offline', 'retrying', 'otherTab']
    this.#progress.hidden = !kinds.includes(upload?.state.kind ?? '')
    if (upload === undefined || this.#progress.hidden) return
    this.#progress.max = Math.max(upload.size, 1)
    this.#progress.value = upload.sentBytes
  }

  #renderButtons(actions: readonly TransferAction[], { strings, tag }: Translation): void {
    const shown = `${tag} ${actions.join()}`
    if (this.#buttons.dataset.shown === shown) return
    this.#buttons.dataset.shown = shown
    const hadFocus = this.#buttons.contains(document.activeElement)
    const focused = (document.activeElement as HTMLElement | null)?.dataset.action
    const buttons = actions.map((action) => {
      const button = createButton()
      button.dataset.action = action
      button.textContent = strings[action]
      button.setAttribute('aria-label', `${strings[action]}: ${transferName(this.transfer)}`)
      return button
    })
    this.#buttons.replaceChildren(...buttons)
    if (!hadFocus) return
    const same = buttons.find(({ dataset }) => roleOf(dataset.action) === roleOf(focused))
    ;(same ?? this.item).focus()
  }
}

/** Returns what a button is for: pausing and resuming are one. */
function roleOf(action: string | undefined): string | undefined {
  return action === 'resume' ? 'pause' : action
}

/** Creates a button in the page's style. */
export function createButton(): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'button'
  return button
}

function thumbnailOf(transfer: Transfer): HTMLImageElement | undefined {
  if (!('upload' in transfer)) return undefined
  const { data, size, file } = transfer.upload
  if (!PICTURE.test(file.type) || size > MAX_PICTURE_BYTES) return undefined
  const image = document.createElement('img')
  image.alt = ''
  image.decoding = 'async'
  image.src = URL.createObjectURL(data)
  // A file that is not a picture, or has changed.
  image.addEventListener('error', () => image.remove())
  return image
}
