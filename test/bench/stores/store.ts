/** A running server that accepts forms with files. */
export interface RunningStore {
  /** Process id of the server. */
  pid: number | undefined
  /** Where forms are posted to. */
  url: string
  /** Returns the form's fields for an object, without `file`. */
  fields(key: string, size: number): [name: string, value: string][]
  stop(): Promise<void>
}

/** A kind of server that accepts forms with files. */
export interface Store {
  name: string
  /** For the table. */
  title: string
  /**
   * Starts it with an empty bucket.
   *
   * @param folder Empty folder for what it stores, if it stores to disk
   * @param report Receives progress messages
   * @throws RivalError when it is not available on this machine
   */
  start(folder: string, report: (line: string) => void): Promise<RunningStore>
}

/** The bucket of every store. */
export const BUCKET = 'bench-bucket'

/** Fields of a form that a store accepts without a signature. */
export function unsignedFields(key: string): [name: string, value: string][] {
  return [
    ['key', key],
    ['success_action_status', '200'],
  ]
}
