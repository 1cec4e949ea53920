import type { Body, Meta, UppyFile } from '@uppy/core'

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

/** Metadata of an Uppy file that sets `rename`. */
export const RENAME_META = { conflict: 'rename' } as const

/** Describes one of Uppy's files. Its name is in NFC, while macOS has names in NFD. */
export function describeFile<M extends Meta, B extends Body>(
  file: UppyFile<M, B>,
  data: Blob,
): FileDescription {
  const meta: Record<string, unknown> = file.meta
  const path = typeof meta.relativePath === 'string' ? meta.relativePath : ''
  return {
    name: (path || file.name || 'file').normalize('NFC'),
    type: mimeType(file),
    size: data.size,
    rename: meta.conflict === RENAME_META.conflict,
  }
}

/** Returns the query that describes a file to the signing server. */
export function fileQuery({ name, type, size, rename }: FileDescription): Record<string, string> {
  return { name, type, size: String(size), ...(rename ? RENAME_META : {}) }
}

/** Returns the MIME type, or `''` where Uppy has put its default for an unknown type. */
export function mimeType<M extends Meta, B extends Body>(
  file: Pick<UppyFile<M, B>, 'type' | 'data'>,
): string {
  const isUnknown = file.data instanceof Blob && file.data.type === ''
  return isUnknown && file.type === 'application/octet-stream' ? '' : (file.type ?? '')
}
