/**
 * Which files may be uploaded, each entry an extension (`.jpg`) or a MIME type (`image/png`,
 * `image/*`). An empty list allows every file.
 */
export type AllowedTypes = readonly string[]

/** What is known of a file before it is uploaded. */
export interface OfferedFile {
  name: string
  /** As the browser tells it; empty when the browser knows none. */
  type: string
}

/** `.jpg` or `image/png` or `image/*`, in lower case. */
export function isTypeEntry(entry: string): boolean {
  return /^\.[^./\\\s,]+$/.test(entry) || /^\w[\w.+-]*\/(\*|[\w.+-]+)$/.test(entry)
}

/**
 * Whether a file is among the allowed types. Extensions and MIME types are two separate lists: a
 * file has to meet each list that is not empty, so that neither a wrong extension nor a wrong type
 * slips through beside a right one. A file whose type the browser does not know meets the list of
 * types only if an extension vouches for it.
 */
export function isAllowedType(file: OfferedFile, allowed: AllowedTypes): boolean {
  if (allowed.length === 0) return true
  const entries = allowed.map((entry) => entry.toLowerCase())
  const extensions = entries.filter((entry) => entry.startsWith('.'))
  const types = entries.filter((entry) => !entry.startsWith('.'))
  const name = file.name.toLowerCase()
  const type = file.type.toLowerCase().split(';', 1)[0]?.trim() ?? ''
  const extensionFits = extensions.some((extension) => name.endsWith(extension))
  if (extensions.length > 0 && !extensionFits) return false
  if (types.length === 0) return true
  if (type === '') return extensionFits
  return types.some((entry) =>
    entry.endsWith('/*') ? type.startsWith(entry.slice(0, -1)) : type === entry,
  )
}
