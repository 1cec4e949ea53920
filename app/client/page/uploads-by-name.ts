import type { Upload } from '@oss-direct-upload/uploader'

/** The uploads of a list by the names that they are stored under. */
export class UploadsByName {
  readonly #uploads = new Map<string, Set<Upload>>()

  find(name: string): Upload[] {
    return [...(this.#uploads.get(name) ?? [])]
  }

  add(upload: Upload): void {
    const { name } = upload.file
    this.#uploads.set(name, (this.#uploads.get(name) ?? new Set()).add(upload))
  }

  delete(upload: Upload): void {
    const { name } = upload.file
    const sameName = this.#uploads.get(name)
    sameName?.delete(upload)
    if (sameName?.size === 0) this.#uploads.delete(name)
  }
}
