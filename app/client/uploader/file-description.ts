import type { Body, Meta, UppyFile } from '@uppy/core'
import { RENAME } from './rename.ts'
import type { FileToSign } from './request-form.ts'

/** One of Uppy's files as the signing server is told of it. */
export function describeFile<M extends Meta, B extends Body>(
  file: UppyFile<M, B>,
  data: Blob,
): FileToSign {
  const meta: Record<string, unknown> = file.meta
  const path = typeof meta.relativePath === 'string' ? meta.relativePath : ''
  return {
    name: path || file.name || 'file',
    type: knownType(file),
    size: data.size,
    rename: meta.conflict === RENAME.conflict,
  }
}

/** MIME type; empty when the browser knows none, for which Uppy would have one that fits all. */
export function knownType<M extends Meta, B extends Body>(
  file: Pick<UppyFile<M, B>, 'type' | 'data'>,
): string {
  const isGuess = file.data instanceof Blob && file.data.type === ''
  return isGuess && file.type === 'application/octet-stream' ? '' : (file.type ?? '')
}

/** When a file was changed last, in milliseconds; undefined for what is no file on a disk. */
export function lastModifiedMs(data: Blob): number | undefined {
  return data instanceof File ? data.lastModified : undefined
}
