import type { Upload } from '@oss-direct-upload/uploader'
import type { Translation } from './language.ts'

const STORAGE_KEY = 'notUploaded'
const MAX_NAMES = 100

interface NotUploaded {
  count: number
  /** The first of them. */
  names: string[]
}

/**
 * Says after a reload which files had not been uploaded before. The page can no longer read them, so
 * that the user has to select them again.
 */
export class NotUploadedList {
  readonly #page: Document
  readonly #section: HTMLElement
  readonly #title: HTMLElement
  readonly #names: HTMLElement
  #lost: NotUploaded | undefined

  /**
   * @param uploads Returns the uploads that have not ended well
   * @param isResumable Whether the list of resumable uploads has a file
   */
  constructor(
    page: Document,
    uploads: () => readonly Upload[],
    isResumable: (upload: Upload) => boolean,
  ) {
    const window = page.defaultView as Window
    this.#page = page
    this.#section = page.querySelector('#not-uploaded') as HTMLElement
    this.#title = page.querySelector('#not-uploaded-title') as HTMLElement
    this.#names = page.querySelector('#not-uploaded-names') as HTMLElement
    this.#lost = takeStored(window)
    page.querySelector('#dismiss-not-uploaded')?.addEventListener('click', () => this.#dismiss())
    window.addEventListener('pagehide', () => {
      const names = uploads()
        .filter((upload) => !isResumable(upload))
        .map(({ name }) => name)
      store(window, { count: names.length, names: names.slice(0, MAX_NAMES) })
    })
    // A page from the back/forward cache still has its files.
    window.addEventListener('pageshow', ({ persisted }) => persisted && takeStored(window))
  }

  /** Takes files off the list that have been selected again. */
  onAdded(names: ReadonlySet<string>): void {
    if (this.#lost === undefined) return
    const left = this.#lost.names.filter((name) => !names.has(name))
    this.#lost.count -= this.#lost.names.length - left.length
    this.#lost.names = left
  }

  translate({ strings, tag }: Translation): void {
    const { count, names } = this.#lost ?? { count: 0, names: [] }
    this.#section.hidden = count === 0
    this.#title.textContent = strings.notUploaded(count)
    const list = new Intl.ListFormat(tag, { type: 'unit' }).format(names)
    this.#names.textContent = count > names.length ? `${list} …` : list
  }

  #dismiss(): void {
    this.#lost = undefined
    this.#section.hidden = true
    this.#page.querySelector<HTMLElement>('#select-files')?.focus()
  }
}

function takeStored(window: Window): NotUploaded | undefined {
  try {
    const stored = window.sessionStorage.getItem(STORAGE_KEY)
    window.sessionStorage.removeItem(STORAGE_KEY)
    return stored === null ? undefined : (JSON.parse(stored) as NotUploaded)
  } catch {
    // Storage is blocked, or has something else.
    return undefined
  }
}

function store(window: Window, lost: NotUploaded): void {
  try {
    if (lost.count > 0) window.sessionStorage.setItem(STORAGE_KEY, JSON.stringify(lost))
  } catch {
    // Storage is blocked or full.
  }
}
