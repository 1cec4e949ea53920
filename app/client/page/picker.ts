import { acceptDropsAndPastes } from './drop-and-paste.ts'
import type { Rejection } from './restrictions.ts'

export interface PickerCallbacks {
  onFiles: (files: readonly File[]) => void
  /** @param name Of the file or folder; empty if it is not known */
  onRejected: (name: string, rejection: Rejection) => void
}

type InputProperties = Partial<Pick<HTMLInputElement, 'accept' | 'multiple' | 'webkitdirectory'>>

/** Lets the user select files and folders, drop and paste them, and take pictures. */
export class Picker {
  readonly #page: Document
  readonly #callbacks: PickerCallbacks
  readonly #files: HTMLInputElement

  constructor(page: Document, callbacks: PickerCallbacks) {
    this.#page = page
    this.#callbacks = callbacks
    this.#files = this.#addInput('select-files', { multiple: true })
    this.#addInput('select-folder', { multiple: true, webkitdirectory: true })
    this.#addCamera()
    acceptDropsAndPastes(page, {
      onFiles: callbacks.onFiles,
      onError: ({ message }) => callbacks.onRejected('', { reason: 'other', message }),
      onEmptyFolder: (name) => callbacks.onRejected(name, { reason: 'emptyFolder' }),
    })
  }

  /** @param types Entries of `accept`; `null` allows every type */
  accept(types: readonly string[] | null): void {
    this.#files.accept = (types ?? []).join(', ')
  }

  focus(): void {
    this.#button('select-files').focus()
  }

  #button(id: string): HTMLElement {
    return this.#page.querySelector(`#${id}`) as HTMLElement
  }

  /** Adds the hidden input that a button opens. */
  #addInput(id: string, properties: InputProperties): HTMLInputElement {
    const input = Object.assign(this.#page.createElement('input'), properties)
    input.type = 'file'
    input.hidden = true
    input.addEventListener('change', () => {
      this.#callbacks.onFiles([...(input.files ?? [])])
      // Otherwise selecting the same file again would not be a change.
      input.value = ''
    })
    const button = this.#button(id)
    button.addEventListener('click', () => input.click())
    button.after(input)
    return input
  }

  #addCamera(): void {
    // Only a secure context may open a camera. A phone's own camera app works without one.
    if (isSecureContext && navigator.mediaDevices !== undefined) {
      const button = this.#button('open-camera')
      button.hidden = false
      button.addEventListener('click', () => void this.#takePicture())
    } else if (matchMedia('(pointer: coarse)').matches) {
      for (const [id, accept] of Object.entries({
        'take-photo': 'image/*',
        'record-video': 'video/*',
      })) {
        // Only phones know the property.
        this.#addInput(id, { accept }).setAttribute('capture', 'environment')
        this.#button(id).hidden = false
      }
    }
  }

  async #takePicture(): Promise<void> {
    try {
      const { takePicture } = await import('./camera.ts')
      const picture = await takePicture(this.#page)
      if (picture !== undefined) this.#callbacks.onFiles([picture])
    } catch (error) {
      const { message } = error as Error
      this.#callbacks.onRejected('', { reason: 'other', message })
    }
  }
}
