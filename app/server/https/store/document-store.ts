/** Names of the stored documents. */
export type DocumentName = 'account.json' | 'certificate.json' | 'attempts.json'

/** A store of documents. */
export interface DocumentStore {
  /** For the log, such as `the folder /var/lib/x`. */
  readonly title: string
  /** @returns undefined when there is no such document @throws Error */
  read(name: DocumentName): Promise<string | undefined>
  /**
   * Writes a document, completely or not at all.
   *
   * @param onlyNew Do not replace an existing one
   * @returns Whether it was written
   * @throws Error
   */
  write(name: DocumentName, text: string, onlyNew: boolean): Promise<boolean>
}
