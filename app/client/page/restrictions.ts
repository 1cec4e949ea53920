import { isAllowedType } from '@oss-direct-upload/contract'
import type { ServerConfig } from '@oss-direct-upload/uploader'

/** Why a file was not added to the selection. */
export type Rejection =
  | { reason: 'tooLarge'; maxSize: number }
  | { reason: 'type'; allowedTypes: readonly string[] }
  | { reason: 'emptyFolder' }
  | { reason: 'systemFiles'; count: number }
  /** With a message that is shown as it is. */
  | { reason: 'other'; message: string }

/** Returns why the server would reject a file, or `undefined` when it would not. */
export function checkRestrictions(
  file: { name: string; type: string; size: number },
  { maxSize, allowedTypes }: Pick<ServerConfig, 'maxSize' | 'allowedTypes'>,
): Rejection | undefined {
  if (!isAllowedType(file, allowedTypes)) return { reason: 'type', allowedTypes }
  return file.size > maxSize ? { reason: 'tooLarge', maxSize } : undefined
}

/** Types that crash the file picker of Safari on macOS, and what to accept instead. */
const PICKER_ENTRIES: Readonly<Record<string, string>> = {
  'image/heic': '.heic',
  'image/heif': '.heif',
}

/**
 * Returns the entries of the file picker's `accept`. It accepts a file that matches any entry, while
 * a file has to match an extension and a type: the extensions are the narrower list. iOS converts
 * HEIC to JPEG unless an entry names HEIC.
 */
export function pickerTypes(allowedTypes: readonly string[]): string[] | null {
  const extensions = allowedTypes.filter((entry) => entry.startsWith('.'))
  if (extensions.length > 0) return extensions
  const entries = allowedTypes.map((entry) => PICKER_ENTRIES[entry.toLowerCase()] ?? entry)
  return entries.length > 0 ? entries : null
}
