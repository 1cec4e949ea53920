/** A server that takes forms with files, running. */
export interface RunningStore {
  /** Of the process that takes the forms. */
  pid: number | undefined
  /** Where forms are posted to. */
  url: string
  /** The form's fields for an object, `file` left out. */
  fields(key: string, size: number): [name: string, value: string][]
  stop(): Promise<void>
}

/** A kind of server that takes forms with files. */
export interface Store {
  name: string
  /** For people. */
  title: string
  /**
   * Starts it with an empty bucket.
   *
   * @param folder Empty folder for what it stores, if it stores to disk
   * @param report Told of what is installed on the way
   * @throws RivalError when it cannot be had here
   */
  start(folder: string, report: (line: string) => void): Promise<RunningStore>
}

/** The bucket of every store. */
export const BUCKET = 'bench-bucket'
