import type { StoredFile } from './stored-file.ts'
import type { UploadProgress } from './upload-progress.ts'

/** What becomes of one file. */
export type UploadState =
  /** Added, and not yet started by the user. */
  | { kind: 'ready' }
  /** Started, and waiting for its turn. */
  | { kind: 'waiting' }
  | UploadProgress
  | ({ kind: 'stored' } & Omit<StoredFile, 'status'>)
  | { kind: 'failed'; error: unknown }
  | { kind: 'cancelled' }

export type UploadKind = UploadState['kind']

const RESULTS: ReadonlySet<UploadKind> = new Set(['stored', 'failed', 'cancelled'])

/** Returns whether an upload has ended, and only a retry can change it. */
export function isFinished({ kind }: { kind: UploadKind }): boolean {
  return RESULTS.has(kind)
}

/** Returns whether an upload has started and not ended. */
export function isActive({ kind }: { kind: UploadKind }): boolean {
  return kind !== 'ready' && !RESULTS.has(kind)
}
