import {
  type FileToUpload,
  isFinished,
  lastModifiedMs,
  type Upload,
} from '@oss-direct-upload/uploader'
import { pickedFile } from './picked-file.ts'
import type { Rejection } from './restrictions.ts'
import { isSystemFile } from './system-files.ts'
import type { RejectedTransfer } from './transfer-text.ts'

/** Files that the user has selected, and what is to be done with them. */
export interface Selection {
  added: readonly FileToUpload[]
  rejected: readonly RejectedTransfer[]
  /** Uploads that have ended without success and whose files are selected again. */
  replaced: readonly Upload[]
}

/** The list that a selection is added to. */
export interface SelectionTarget {
  /** Returns why a file may not be uploaded. */
  rejection: (name: string, type: string, size: number) => Rejection | undefined
  /** Returns the uploads of files that are stored under a name. */
  uploadsNamed: (name: string) => readonly Upload[]
}

/** Returns what a selection adds to a list. Files that wait in the list already are left out. */
export function selectionOf(
  files: readonly File[],
  { rejection, uploadsNamed }: SelectionTarget,
): Selection {
  const rejected: RejectedTransfer[] = []
  const replaced = new Set<Upload>()
  let systemFiles = 0
  const added = files.map(pickedFile).filter(({ name, type, data }) => {
    if (isSystemFile(name)) {
      systemFiles += 1
      return false
    }
    const reason = rejection(name, type, data.size)
    if (reason) {
      rejected.push({ name, rejection: reason })
      return false
    }
    const sameName = uploadsNamed(name.normalize('NFC'))
    for (const upload of sameName) if (hasFailed(upload)) replaced.add(upload)
    return !sameName.some((upload) => !isFinished(upload.state) && isSameFile(upload, data))
  })
  if (systemFiles > 0) {
    rejected.push({ name: '', rejection: { reason: 'systemFiles', count: systemFiles } })
  }
  return { added, rejected, replaced: [...replaced] }
}

function hasFailed({ state }: Upload): boolean {
  return state.kind === 'failed' || state.kind === 'cancelled'
}

function isSameFile({ size, data }: Upload, file: File): boolean {
  return size === file.size && lastModifiedMs(data) === file.lastModified
}
