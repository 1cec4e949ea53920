import { isAllowedType } from '../../contract/index.ts'
import type { ServerConfig } from '../uploader/server-config.ts'
import type { Rejection } from './transfer.ts'

/** The rules that a file has to meet before it is added, the same as the server's. */
export type Limits = Pick<ServerConfig, 'maxSize' | 'allowedTypes'>

/** Why a file may not be added; undefined when it may. */
export function checkRestrictions(
  file: { name: string; type: string; size: number },
  limits: Limits,
): Rejection | undefined {
  const { maxSize, allowedTypes } = limits
  if (!isAllowedType(file, allowedTypes)) return { reason: 'type', allowedTypes }
  return file.size > maxSize ? { reason: 'tooLarge', maxSize } : undefined
}

/**
 * What the file picker offers. It joins all entries by "or", and a file has to meet extensions and
 * types both: the extensions, as the narrower list, say it best.
 */
export function pickerTypes(allowedTypes: readonly string[]): string[] | null {
  const extensions = allowedTypes.filter((entry) => entry.startsWith('.'))
  if (extensions.length > 0) return extensions
  return allowedTypes.length > 0 ? [...allowedTypes] : null
}
