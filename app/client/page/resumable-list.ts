import {
  browserResumeStore,
  describeFile,
  fingerprint,
  lastModifiedMs,
  loadMultipart,
  type ResumeRecord,
  type SigningServer,
} from '@oss-direct-upload/uploader'
import type { Body, Meta, UppyFile } from '@uppy/core'
import { formatBytes } from './format-units.ts'
import type { Translation } from './language.ts'
import { createButton } from './transfer-list.ts'

/**
 * The list of unfinished uploads. The user has to select their files again, because a page may not
 * open a file by itself.
 */
export class ResumableList {
  readonly #section: HTMLElement
  readonly #list: HTMLElement
  readonly #page: Document
  readonly #server: SigningServer
  readonly #store = browserResumeStore()
  #translation: Translation
  #selected: ReadonlySet<string> = new Set()

  constructor(page: Document, translation: Translation, server: SigningServer) {
    this.#page = page
    this.#section = page.querySelector('#unfinished') as HTMLElement
    this.#list = page.querySelector('#unfinished ul') as HTMLElement
    this.#translation = translation
    this.#server = server
  }

  /** Shows the uploads whose files are not selected. */
  show<M extends Meta, B extends Body>(selected: readonly UppyFile<M, B>[]): void {
    const { serverUrl } = this.#server
    this.#selected = new Set(
      selected.map((file) => {
        const data = file.data as Blob
        const lastModified = lastModifiedMs(data) ?? 0
        return fingerprint({ ...describeFile(file, data), serverUrl, lastModified })
      }),
    )
    this.#render()
  }

  translate(translation: Translation): void {
    this.#translation = translation
    this.#render()
  }

  #render(): void {
    const records = this.#store
      .list(this.#server.serverUrl)
      .filter((record) => !this.#selected.has(fingerprint(record)))
    this.#list.replaceChildren(...records.map((record) => this.#createItem(record)))
    this.#section.hidden = records.length === 0
  }

  #createItem(record: ResumeRecord): HTMLElement {
    const { strings, tag } = this.#translation
    const item = document.createElement('li')
    const name = document.createElement('strong')
    const text = document.createElement('span')
    const discard = createButton()
    name.textContent = record.name
    const storedBytes = this.#store
      .parts(fingerprint(record))
      .reduce((sum, { size }) => sum + size, 0)
    text.className = 'text'
    text.textContent = strings.progress(
      formatBytes(storedBytes, tag),
      formatBytes(record.size, tag),
    )
    discard.textContent = strings.discard
    discard.setAttribute('aria-label', `${strings.discard}: ${record.name}`)
    discard.addEventListener('click', () => void this.#discard(record, discard))
    item.append(name, text, discard)
    return item
  }

  async #discard(record: ResumeRecord, button: HTMLButtonElement): Promise<void> {
    button.disabled = true
    try {
      const { browserPlatform, discardUpload } = await loadMultipart()
      await discardUpload({ ...this.#server, platform: browserPlatform() }, record)
    } catch {
      // Another tab uploads it, or there is no connection: the upload stays in the list.
    }
    this.#render()
    if (this.#section.hidden) this.#page.querySelector<HTMLElement>('#uploader button')?.focus()
  }
}
