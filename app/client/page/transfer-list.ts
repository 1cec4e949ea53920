import { copyText } from './copy-text.ts'
import type { Translation } from './language.ts'
import {
  isFinished,
  isStored,
  type Transfer,
  type TransferState,
  transferText,
} from './transfer-text.ts'

interface Row {
  transfer: Transfer
  item: HTMLElement
  text: HTMLElement
  progress: HTMLProgressElement
  keepBoth: HTMLButtonElement
  pause: HTMLButtonElement
  copyKey: HTMLButtonElement
}

/** What the buttons of a transfer do. */
export interface TransferActions {
  /** Uploads the file again under another name. */
  onKeepBoth: (fileId: string) => void
  onPause: (fileId: string) => void
  onResume: (fileId: string) => void
  /** Called with whether there are transfers that have not ended. */
  onActive: (isActive: boolean) => void
}

const MAX_ANNOUNCEMENTS = 20

/** The list of transfers, one line a file. Announces results to screen readers. */
export class TransferList {
  readonly #section: HTMLElement
  readonly #list: HTMLElement
  readonly #announcements: HTMLElement
  readonly #page: Document
  readonly #actions: TransferActions
  #translation: Translation
  /** Rows of files that are still selected, by file id. */
  readonly #rows = new Map<string, Row>()
  /** Ids of the files whose transfers have not ended. */
  readonly #active = new Set<string>()
  /** Rows that no longer belong to a file. */
  readonly #detached = new Set<Row>()

  constructor(page: Document, translation: Translation, actions: TransferActions) {
    this.#page = page
    this.#section = page.querySelector('#transfers') as HTMLElement
    this.#list = page.querySelector('#results') as HTMLElement
    this.#announcements = page.querySelector('#announcements') as HTMLElement
    this.#translation = translation
    this.#actions = actions
    page.querySelector('#clear')?.addEventListener('click', () => this.#clear())
  }

  /** Shows the state of a file. */
  update(fileId: string, name: string, size: number, state: TransferState): void {
    const before = this.#rows.get(fileId)
    // A file that is selected again after it was stored gets a new row.
    const isNew = before === undefined || isStored(before.transfer.state)
    if (before !== undefined && isNew) this.#detached.add(before)
    const row = isNew ? this.#add({ name, size, state }, fileId) : before
    this.#rows.set(fileId, row)
    row.transfer.state = state
    this.#render(row)
    if (isFinished(state)) this.#announce(row.transfer)
    this.#setActive(fileId, !isFinished(state))
  }

  /** Detaches the row of a file that is no longer selected. An unfinished one is now cancelled. */
  detach(fileId: string): void {
    const row = this.#rows.get(fileId)
    if (row === undefined) return
    this.#rows.delete(fileId)
    this.#detached.add(row)
    if (!isFinished(row.transfer.state)) {
      row.transfer.state = { kind: 'cancelled' }
      this.#announce(row.transfer)
    }
    this.#render(row)
    this.#setActive(fileId, false)
  }

  /** Removes the row of a file. */
  remove(fileId: string): void {
    this.#rows.get(fileId)?.item.remove()
    this.#rows.delete(fileId)
    this.#setActive(fileId, false)
  }

  /** Adds a row for a file that was not added to the selection. */
  addDetached(name: string, state: TransferState): void {
    const row = this.#add({ name, size: 0, state })
    this.#detached.add(row)
    this.#render(row)
    this.#announce(row.transfer)
  }

  translate(translation: Translation): void {
    this.#translation = translation
    for (const row of [...this.#rows.values(), ...this.#detached]) this.#render(row)
  }

  #setActive(fileId: string, isActive: boolean): void {
    if (isActive) this.#active.add(fileId)
    else this.#active.delete(fileId)
    this.#actions.onActive(this.#active.size > 0)
  }

  #add(transfer: Transfer, fileId?: string): Row {
    const item = document.createElement('li')
    const name = document.createElement('strong')
    const text = document.createElement('span')
    const progress = document.createElement('progress')
    const keepBoth = createButton()
    const pause = createButton()
    const copyKey = createButton()
    const row: Row = { transfer, item, text, progress, keepBoth, pause, copyKey }
    name.textContent = transfer.name
    text.className = 'text'
    progress.setAttribute('aria-label', transfer.name)
    if (fileId !== undefined) {
      keepBoth.addEventListener('click', () => {
        // The button is about to disappear; its row keeps the focus.
        item.tabIndex = -1
        item.focus()
        this.#actions.onKeepBoth(fileId)
      })
      pause.addEventListener('click', () => {
        if (item.dataset.state === 'paused') this.#actions.onResume(fileId)
        else this.#actions.onPause(fileId)
      })
    }
    copyKey.addEventListener('click', () => void this.#copyKey(row))
    item.append(name, text, progress, keepBoth, pause, copyKey)
    this.#list.append(item)
    this.#section.hidden = false
    return row
  }

  #render(row: Row): void {
    const { transfer, item, text, progress, keepBoth, pause, copyKey } = row
    const { name, state, size } = transfer
    const { strings } = this.#translation
    item.dataset.state = state.kind
    text.textContent = transferText(transfer, this.#translation)
    progress.hidden = isFinished(state)
    progress.max = Math.max(size, 1)
    if (state.kind === 'sending') progress.value = state.sentBytes
    else if (state.kind !== 'paused') progress.removeAttribute('value')
    const canPause = state.kind === 'sending' && state.canPause === true && state.sentBytes < size
    const isPaused = state.kind === 'paused'
    showButton(pause, canPause || isPaused, isPaused ? strings.resume : strings.pause, name)
    const canKeepBoth = state.kind === 'failed' && state.canKeepBoth && !this.#detached.has(row)
    showButton(keepBoth, canKeepBoth, strings.keepBoth, name)
    showButton(copyKey, isStored(state), strings.copyKey, name)
  }

  async #copyKey({ transfer: { state }, copyKey }: Row): Promise<void> {
    if (!isStored(state) || !(await copyText(this.#page, state.key))) return
    copyKey.textContent = this.#translation.strings.copied
  }

  #announce(transfer: Transfer): void {
    const line = document.createElement('p')
    line.textContent = `${transfer.name}: ${transferText(transfer, this.#translation)}`
    line.lang = this.#translation.tag
    this.#announcements.append(line)
    while (this.#announcements.childElementCount > MAX_ANNOUNCEMENTS) {
      this.#announcements.firstElementChild?.remove()
    }
  }

  #clear(): void {
    for (const [fileId, row] of this.#rows) {
      if (!isFinished(row.transfer.state)) continue
      row.item.remove()
      this.#rows.delete(fileId)
    }
    for (const row of this.#detached) row.item.remove()
    this.#detached.clear()
    this.#section.hidden = this.#rows.size === 0
    if (this.#section.hidden) this.#page.querySelector<HTMLElement>('#uploader button')?.focus()
  }
}

/** Creates a button in the page's style. */
export function createButton(): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'button'
  return button
}

function showButton(
  button: HTMLButtonElement,
  isShown: boolean,
  text: string,
  fileName: string,
): void {
  button.hidden = !isShown
  button.textContent = text
  button.setAttribute('aria-label', `${text}: ${fileName}`)
}
