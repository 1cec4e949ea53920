import type { Body, Meta, UppyFile } from '@uppy/core'
import { describeFile, lastModifiedMs } from '../uploader/file-description.ts'
import {
  browserResumeStore,
  fingerprint,
  type ResumeRecord,
} from '../uploader/multipart/resume-store.ts'
import { sizeText } from './format-units.ts'
import type { Translation } from './language.ts'

export interface ResumableListOptions {
  serverUrl: string
  accessCode: () => string | undefined
}

/** Milliseconds in which another tab can say that it is at work on an upload. */
const CLAIM_MS = 1000

/** What was begun here and never ended: a page may not open a file again that the user chose. */
export class ResumableList {
  readonly #section: HTMLElement
  readonly #list: HTMLElement
  readonly #page: Document
  readonly #options: ResumableListOptions
  readonly #records = browserResumeStore()
  #translation: Translation
  #selected: ReadonlySet<string> = new Set()

  constructor(page: Document, translation: Translation, options: ResumableListOptions) {
    this.#page = page
    this.#section = page.querySelector('#unfinished') as HTMLElement
    this.#list = page.querySelector('#unfinished ul') as HTMLElement
    this.#translation = translation
    this.#options = options
  }

  /** Shows what is not among the selected files. */
  show<M extends Meta, B extends Body>(selected: readonly UppyFile<M, B>[]): void {
    const { serverUrl } = this.#options
    this.#selected = new Set(
      selected.map((file) => {
        const data = file.data as Blob
        const { name, type, size } = describeFile(file, data)
        const lastModified = lastModifiedMs(data) ?? 0
        return fingerprint({ serverUrl, name, type, size, lastModified })
      }),
    )
    this.#render()
  }

  translate(translation: Translation): void {
    this.#translation = translation
    this.#render()
  }

  #render(): void {
    const records = this.#records
      .list(this.#options.serverUrl)
      .filter((record) => !this.#selected.has(fingerprint(record)))
    this.#list.replaceChildren(...records.map((record) => this.#item(record)))
    this.#section.hidden = records.length === 0
  }

  #item(record: ResumeRecord): HTMLElement {
    const { strings, tag } = this.#translation
    const item = document.createElement('li')
    const name = document.createElement('strong')
    const text = document.createElement('span')
    const discard = document.createElement('button')
    name.textContent = record.name
    const arrived = this.#records
      .parts(fingerprint(record))
      .reduce((sum, { size }) => sum + size, 0)
    text.className = 'text'
    text.textContent = strings.progress(sizeText(arrived, tag), sizeText(record.size, tag))
    discard.type = 'button'
    discard.className = 'button'
    discard.textContent = strings.discard
    discard.setAttribute('aria-label', `${strings.discard}: ${record.name}`)
    discard.addEventListener('click', () => void this.#discard(record, discard))
    item.append(name, text, discard)
    return item
  }

  async #discard(record: ResumeRecord, button: HTMLButtonElement): Promise<void> {
    button.disabled = true
    try {
      const { abortUpload, browserPlatform } = await import('../uploader/multipart/index.ts')
      const platform = browserPlatform()
      const id = fingerprint(record)
      await platform.tabLock?.claim(id, AbortSignal.timeout(CLAIM_MS), () => {})
      try {
        await abortUpload({ ...this.#options, platform }, record)
      } finally {
        platform.tabLock?.release(id)
      }
    } catch {
      // Another tab is at work on it, or there is no connection: it stays.
    }
    this.#render()
    if (this.#section.hidden) this.#page.querySelector<HTMLElement>('#uploader button')?.focus()
  }
}
