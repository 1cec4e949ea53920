import {
  browserResumeStore,
  fingerprint,
  lastModifiedMs,
  loadMultipart,
  type ResumeRecord,
  type SigningServer,
  type Upload,
} from '@oss-direct-upload/uploader'
import { formatBytes } from './format-units.ts'
import type { Translation } from './language.ts'
import { createButton } from './transfer-row.ts'

/**
 * The list of unfinished uploads. The user has to select their files again, because a page may not
 * open a file by itself.
 */
export class ResumableList {
  readonly #section: HTMLElement
  readonly #list: HTMLElement
  readonly #page: Document
  readonly #server: SigningServer
  readonly #uploadsNamed: (name: string) => readonly Upload[]
  readonly #store = browserResumeStore()
  #translation: Translation

  /** @param uploadsNamed Returns the files of a name that are selected */
  constructor(
    page: Document,
    translation: Translation,
    server: SigningServer,
    uploadsNamed: (name: string) => readonly Upload[],
  ) {
    this.#page = page
    this.#section = page.querySelector('#unfinished') as HTMLElement
    this.#list = page.querySelector('#unfinished ul') as HTMLElement
    this.#translation = translation
    this.#server = server
    this.#uploadsNamed = uploadsNamed
  }

  /** Returns whether an upload can be resumed after a reload. */
  has(upload: Upload): boolean {
    return this.#store.find(this.#fingerprint(upload)) !== undefined
  }

  /** Shows the uploads whose files are not selected. */
  render(): void {
    const records = this.#store.list(this.#server.serverUrl).filter((record) => {
      const id = fingerprint(record)
      return !this.#uploadsNamed(record.name).some((upload) => this.#fingerprint(upload) === id)
    })
    this.#list.replaceChildren(...records.map((record) => this.#createItem(record)))
    this.#section.hidden = records.length === 0
  }

  translate(translation: Translation): void {
    this.#translation = translation
    this.render()
  }

  #fingerprint({ file, data }: Upload): string {
    const { serverUrl } = this.#server
    return fingerprint({ ...file, serverUrl, lastModified: lastModifiedMs(data) ?? 0 })
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
    this.render()
    if (this.#section.hidden) this.#page.querySelector<HTMLElement>('#select-files')?.focus()
  }
}
