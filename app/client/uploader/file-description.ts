/** What the signing server has to know about a file. */
export interface FileDescription {
  /** Name, with the folders before it if there are any. */
  name: string
  /** MIME type; empty when the browser does not know it. */
  type: string
  /** Bytes. */
  size: number
  /** Whether to store the file under a similar name when its own is taken. */
  rename: boolean
}

/** Returns the query that describes a file to the signing server. */
export function fileQuery({ name, type, size, rename }: FileDescription): Record<string, string> {
  return { name, type, size: String(size), ...(rename ? { conflict: 'rename' } : {}) }
}
