import type { Translation } from './language.ts'
import {
  isFinished,
  isStored,
  type Transfer,
  type TransferState,
  transferText,
} from './transfer.ts'

interface Row {
  transfer: Transfer
  item: HTMLElement
  text: HTMLElement
  progress: HTMLProgressElement
  keepBoth: HTMLButtonElement
  pause: HTMLButtonElement
}

/** What can be done with a transfer, by the file's id. */
export interface TransferActions {
  /** Upload a file once more under another name. */
  onKeepBoth: (fileId: string) => void
  onPause: (fileId: string) => void
  onResume: (fileId: string) => void
}

const ANNOUNCED = 20

/** The list of transfers on the page: one line a file, what became of it read out. */
export class TransferList {
  readonly #section: HTMLElement
  readonly #list: HTMLElement
  readonly #announcements: HTMLElement
  readonly #page: Document
  readonly #actions: TransferActions
  #translation: Translation
  /** By the file's id, for those whose end is not known or may be tried again. */
  readonly #rows = new Map<string, Row>()
  readonly #loose = new Set<Row>()

  constructor(page: Document, translation: Translation, actions: TransferActions) {
    this.#page = page
    this.#section = page.querySelector('#transfers') as HTMLElement
    this.#list = page.querySelector('#results') as HTMLElement
    this.#announcements = page.querySelector('#announcements') as HTMLElement
    this.#translation = translation
    this.#actions = actions
    page.querySelector('#clear')?.addEventListener('click', () => this.#clear())
  }

  /** The state of a file that is being uploaded; its line is made when there is none. */
  update(fileId: string, name: string, size: number, state: TransferState): void {
    const before = this.#rows.get(fileId)
    // The same file selected once more: what became of it the first time stays to be read.
    const again = before !== undefined && isStored(before.transfer.state)
    if (again) this.#loose.add(before)
    const row = before === undefined || again ? this.#add({ name, size, state }, fileId) : before
    this.#rows.set(fileId, row)
    row.transfer.state = state
    this.#render(row)
    if (isFinished(state)) this.#announce(row.transfer)
  }

  /** The file leaves the page: what goes on is cancelled, what is over stays to be read. */
  release(fileId: string): void {
    const row = this.#rows.get(fileId)
    if (row === undefined) return
    this.#rows.delete(fileId)
    this.#loose.add(row)
    if (!isFinished(row.transfer.state)) {
      row.transfer.state = { kind: 'cancelled' }
      this.#announce(row.transfer)
    }
    this.#render(row)
  }

  /** A line about something that never became a file of Uppy's. */
  note(name: string, state: TransferState): void {
    const row = this.#add({ name, size: 0, state })
    this.#loose.add(row)
    this.#render(row)
    this.#announce(row.transfer)
  }

  /** Says everything anew in another language. */
  translate(translation: Translation): void {
    this.#translation = translation
    for (const row of [...this.#rows.values(), ...this.#loose]) this.#render(row)
  }

  #add(transfer: Transfer, fileId?: string): Row {
    const item = document.createElement('li')
    const name = document.createElement('strong')
    const text = document.createElement('span')
    const progress = document.createElement('progress')
    const keepBoth = document.createElement('button')
    const pause = document.createElement('button')
    name.textContent = transfer.name
    text.className = 'text'
    progress.setAttribute('aria-label', transfer.name)
    for (const button of [keepBoth, pause]) {
      button.type = 'button'
      button.className = 'button'
    }
    if (fileId !== undefined) {
      keepBoth.addEventListener('click', () => {
        // The button is about to go; the line it stood in stays.
        item.tabIndex = -1
        item.focus()
        this.#actions.onKeepBoth(fileId)
      })
      pause.addEventListener('click', () => {
        if (item.dataset.state === 'paused') this.#actions.onResume(fileId)
        else this.#actions.onPause(fileId)
      })
    }
    item.append(name, text, progress, keepBoth, pause)
    this.#list.append(item)
    this.#section.hidden = false
    return { transfer, item, text, progress, keepBoth, pause }
  }

  #render(row: Row): void {
    const { transfer, item, text, progress, keepBoth, pause } = row
    const { state, size } = transfer
    item.dataset.state = state.kind
    text.textContent = transferText(transfer, this.#translation)
    progress.hidden = isFinished(state)
    progress.max = Math.max(size, 1)
    if (state.kind === 'sending') progress.value = state.sent
    // Held back, it stays where it was.
    else if (state.kind !== 'paused') progress.removeAttribute('value')
    const { strings } = this.#translation
    const canPause = state.kind === 'sending' && state.canPause === true && state.sent < size
    pause.hidden = !(canPause || state.kind === 'paused')
    pause.textContent = state.kind === 'paused' ? strings.resume : strings.pause
    pause.setAttribute('aria-label', `${pause.textContent}: ${transfer.name}`)
    keepBoth.hidden = !(state.kind === 'failed' && state.canKeepBoth && !this.#loose.has(row))
    keepBoth.textContent = strings.keepBoth
    keepBoth.setAttribute('aria-label', `${keepBoth.textContent}: ${transfer.name}`)
  }

  #announce(transfer: Transfer): void {
    const line = document.createElement('p')
    line.textContent = `${transfer.name}: ${transferText(transfer, this.#translation)}`
    line.lang = this.#translation.tag
    this.#announcements.append(line)
    while (this.#announcements.childElementCount > ANNOUNCED) {
      this.#announcements.firstElementChild?.remove()
    }
  }

  #clear(): void {
    for (const [fileId, row] of this.#rows) {
      if (!isFinished(row.transfer.state)) continue
      row.item.remove()
      this.#rows.delete(fileId)
    }
    for (const row of this.#loose) row.item.remove()
    this.#loose.clear()
    this.#section.hidden = this.#rows.size === 0
    // The button that had the focus may be gone with the section.
    if (this.#section.hidden) this.#page.querySelector<HTMLElement>('#uploader button')?.focus()
  }
}
